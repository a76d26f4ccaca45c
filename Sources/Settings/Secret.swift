// SPDX-License-Identifier: Apache-2.0
import Glibc
public import Registry

/// Octets that nobody may see: a password, a key.
///
/// It prints, describes and mirrors itself as `(secret)`, so that no log, message or dump holds it
/// by accident.
public struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    private let octets: [UInt8]

    /// Octets of a secret, at most: a key in text form takes some hundreds (chosen).
    public static let longest = 64 * 1024

    /// Keeps `octets`.
    public init(_ octets: [UInt8]) {
        self.octets = octets
    }

    /// Lends the octets to `body`, the only way to them.
    public func withOctets<Result>(_ body: ([UInt8]) throws -> Result) rethrows -> Result {
        try body(octets)
    }

    /// `(secret)`.
    public var description: String { "(secret)" }
    /// `(secret)`.
    public var debugDescription: String { "(secret)" }
    /// A mirror that shows nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Where a secret is kept; this, never the secret, is what settings hold.
public enum SecretReference: Hashable, Sendable {
    /// In a file that its owner alone may read.
    case file(String)
    /// In a variable of the environment.
    case environment(String)
    /// In a credential that systemd hands over (`LoadCredential=`), by its name.
    case credential(String)

    /// Keys under which people write secrets themselves.
    static func isClear(key: String) -> Bool {
        ["password", "passwd", "pass", "secret", "token", "signing_key", "private_key"]
            .contains(key.lowercased())
    }

    /// Reads the secret, or throws why that cannot or must not be done.
    ///
    /// A line break at its end is left out: editors put it there.
    public func read(place: SourcePlace, field: String) throws(RegistryProblem) -> Secret {
        var octets: [UInt8]
        switch self {
        case .file(let path):
            octets = try SecretReference.octets(path, isPrivate: true, place, field)
        case .environment(let name):
            guard let text = unsafe getenv(name) else {
                throw SecretReference.problem("the variable is not set", name, place, field)
            }
            octets = Array(unsafe String(cString: text).utf8)
        case .credential(let name):
            guard let folder = unsafe getenv("CREDENTIALS_DIRECTORY") else {
                throw SecretReference.problem(
                    "systemd handed over no credentials", name, place, field)
            }
            let path = unsafe String(cString: folder) + "/" + name
            octets = try SecretReference.octets(path, isPrivate: false, place, field)
        }
        if octets.last == 0x0a { octets.removeLast() }
        if octets.last == 0x0d { octets.removeLast() }
        guard !octets.isEmpty else {
            throw SecretReference.problem("an empty secret", nil, place, field)
        }
        return Secret(octets)
    }

    private static func octets(
        _ path: String, isPrivate: Bool, _ place: SourcePlace, _ field: String
    ) throws(RegistryProblem) -> [UInt8] {
        do throws(RegistryProblem) {
            let file = try InputFile.open(path, limit: Secret.longest)
            // Nobody but the owner may read or write it, and nobody run it.
            if isPrivate, file.mode & 0o177 != 0 {
                let mode = String(file.mode, radix: 8)
                throw problem(
                    "a secret that others can reach: mode "
                        + String(repeating: "0", count: max(0, 4 - mode.count)) + mode,
                    path, place, field)
            }
            if isPrivate, file.owner != geteuid(), file.owner != 0, geteuid() != 0 {
                throw problem("a secret that belongs to somebody else", path, place, field)
            }
            var octets: [UInt8] = []
            while octets.count <= Secret.longest, try file.read(into: &octets) {}
            return octets
        } catch {
            if error.code == .insecureSecret { throw error }
            throw problem(error.what, path, place, field)
        }
    }

    private static func problem(
        _ what: String, _ got: String?, _ place: SourcePlace, _ field: String
    ) -> RegistryProblem {
        RegistryProblem(
            .error, .insecureSecret, at: place, field: field, what: what, got: got,
            expected: "0600 or systemd credential")
    }
}
