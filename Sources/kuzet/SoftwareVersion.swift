// SPDX-License-Identifier: Apache-2.0

/// The version of the software: the one place that names it.
enum SoftwareVersion {
    /// The number, as semantic versioning has it (semver.org, 2.0.0).
    ///
    /// The newest heading of `CHANGELOG.md` has the same; a test holds them together.
    static let number = "0.1.0"
    /// Name and number, as `--version` prints them.
    static let text = "kuzet " + number
}
