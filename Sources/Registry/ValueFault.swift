// SPDX-License-Identifier: Apache-2.0

/// Why a text is not the value it should be; whoever reads the file adds the place.
public struct ValueFault: Error, Hashable, Sendable {
    /// The kind of fault.
    public let code: RegistryProblem.Code
    /// What is wrong, for a person.
    public let what: String
    /// What would be right, for a person.
    public let expected: String

    /// Makes a fault.
    public init(_ code: RegistryProblem.Code, _ what: String, expected: String) {
        self.code = code
        self.what = what
        self.expected = expected
    }
}
