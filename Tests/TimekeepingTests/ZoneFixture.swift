// SPDX-License-Identifier: Apache-2.0
import Foundation
import Timekeeping

/// The octets of a zone's file in `Fixtures`.
func tzif(_ zone: String) throws -> [UInt8] {
    let name = zone.split(separator: "/").joined(separator: "_")
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    return Array(try Data(contentsOf: folder.appendingPathComponent("Fixtures/\(name).tzif")))
}

/// The rules of a zone in `Fixtures`.
func rules(_ zone: String) throws -> ZoneRules {
    let octets = try tzif(zone)
    return try ZoneRules.parse(name: zone, version: "2025b", tzif: octets.span)
}
