// SPDX-License-Identifier: Apache-2.0
import CProcess

/// Rights that are given up once what needs them is done.
enum Privileges {
    /// Gives up every capability of the calling thread, for good; whether there is none left.
    ///
    /// Threads that it begins afterwards have none either.
    static func drop() -> Bool {
        kuzet_drop_capabilities() == 0 && kuzet_capabilities() == 0
    }

    /// Whether the calling thread has none.
    static var areDropped: Bool { kuzet_capabilities() == 0 }
}
