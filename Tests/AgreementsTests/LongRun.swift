// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Whether the long tests are asked for.
let isLong = ProcessInfo.processInfo.environment["KUZET_LONG"] == "1"
