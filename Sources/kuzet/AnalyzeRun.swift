// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Does what `kuzet analyze` was asked to do and gives its exit status.
///
/// This is the joint between those who read packets and those who write the answer: whoever reads
/// hands finished intervals to `AnalysisAnswer.interval` and everything else to `finish`.
func analyze(_ options: AnalyzeOptions) throws -> Int32 {
    let style = TerminalStyle.of(
        descriptor: STDOUT_FILENO, wantsColour: options.wantsColour)
    var answer = AnalysisAnswer(
        options, style: style, output: ByteSink(descriptor: STDOUT_FILENO),
        messages: ByteSink(descriptor: STDERR_FILENO))
    return try answer.fail("this build reads no packets")
}
