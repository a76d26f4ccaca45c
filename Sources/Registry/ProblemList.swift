// SPDX-License-Identifier: Apache-2.0

/// Problems as they are found, up to a limit; what is beyond is counted.
///
/// All are named, not the first: whoever mends a file wants to mend it once. The limit is there
/// because a file of a million broken rows would take more memory than its cameras.
public struct ProblemList: Sendable {
    /// Problems of each severity that are kept: more than anybody reads (chosen).
    public static let limit = 10_000

    /// What was found, as found, at most `limit` of each severity.
    public private(set) var problems: [RegistryProblem] = []
    /// How many errors there were, kept or not.
    public private(set) var errorCount = 0
    /// How many warnings there were, kept or not.
    public private(set) var warningCount = 0

    /// Makes an empty list.
    public init() {}

    /// Adds one.
    public mutating func append(_ problem: RegistryProblem) {
        let count: Int
        switch problem.severity {
        case .error:
            errorCount += 1
            count = errorCount
        case .warning:
            warningCount += 1
            count = warningCount
        }
        if count <= ProblemList.limit { problems.append(problem) }
    }

    /// Adds all of another list, with its counts.
    public mutating func append(contentsOf other: ProblemList) {
        let (errors, warnings) = (errorCount + other.errorCount, warningCount + other.warningCount)
        for problem in other.problems { append(problem) }
        (errorCount, warningCount) = (errors, warnings)
    }

    /// Whether there is an error among them.
    public var hasErrors: Bool { errorCount > 0 }

    /// How many were found and not kept.
    public var hiddenCount: Int { errorCount + warningCount - problems.count }

    /// The kept ones in the order of files and lines.
    public var sorted: [RegistryProblem] {
        problems.enumerated()
            .sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }
            .map(\.element)
    }
}
