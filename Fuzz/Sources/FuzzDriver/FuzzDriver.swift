// SPDX-License-Identifier: Apache-2.0
import CLibFuzzer
import Glibc

// SAFETY: set once before the only thread begins to run inputs.
/// The body under way; libFuzzer calls a C function, which can carry nothing with it.
nonisolated(unsafe) private var fuzzed: (Span<UInt8>) throws -> Void = { _ in }

/// Lets libFuzzer run `body` on inputs of its making, by the options of the command line.
///
/// A body that throws has found a broken promise, which ends the program as a trap would, so that
/// the input is kept.
public func fuzz(_ body: @escaping (Span<UInt8>) throws -> Void) -> Never {
    unsafe fuzzed = body
    var count = CommandLine.argc
    var arguments = unsafe Optional(CommandLine.unsafeArgv)
    let status = unsafe LLVMFuzzerRunDriver(&count, &arguments) { octets, count in
        unsafe run(Array(UnsafeBufferPointer(start: octets, count: count)))
        return 0
    }
    exit(status)
}

private func run(_ input: [UInt8]) {
    do {
        try unsafe fuzzed(input.span)
    } catch {
        fatalError("broken promise: \(error)")
    }
}
