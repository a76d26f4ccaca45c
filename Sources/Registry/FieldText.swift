// SPDX-License-Identifier: Apache-2.0
import Timekeeping

/// What a thing of the registry says field by field, in the words of the files.
///
/// Every value has all fields of its kind, always in the same order; an empty text is no value.
public protocol FieldText: Sendable {
    /// Names and texts of all fields but the id.
    var fieldTexts: [(name: String, text: String)] { get }
}

extension Party: FieldText {
    /// Names and texts of all fields but the id.
    public var fieldTexts: [(name: String, text: String)] {
        [
            ("name", name), ("role", role.rawValue), ("language", language.rawValue),
            ("emails", contacts.emails.joined(separator: " ")),
            ("phones", contacts.phones.joined(separator: ", ")),
            ("webhooks", contacts.webhooks.joined(separator: " ")),
        ]
    }
}

extension Site: FieldText {
    /// Names and texts of all fields but the id.
    public var fieldTexts: [(name: String, text: String)] {
        [
            ("name", name), ("subscriber", subscriber.text), ("address", address),
            ("object_class", objectClass.rawValue), ("time_zone", timeZone),
            ("connection_act_date", connectionActDate?.description ?? ""),
            ("autonomous_power", autonomousPowerMinutes.map { "\($0)m" } ?? ""),
            ("gateway", gateway?.description ?? ""),
        ]
    }
}

extension Channel: FieldText {
    /// Names and texts of all fields but the id.
    public var fieldTexts: [(name: String, text: String)] {
        [
            ("name", name), ("operator", self.operator.text), ("medium", medium.rawValue),
            ("role", role.rawValue), ("encrypted", isEncrypted ? "true" : "false"),
            ("capacity", capacityBitsPerSecond.map { Quantity.bitRateText($0) } ?? ""),
            ("sites", sites.map(\.text).joined(separator: " ")),
        ]
    }
}

extension Camera: FieldText {
    /// Names and texts of all fields but the id.
    public var fieldTexts: [(name: String, text: String)] {
        [
            ("name", name), ("site", site.text), ("channel", channel.text), ("kind", kind.key),
            ("address", address?.description ?? ""), ("stream", stream?.description ?? ""),
            ("credentials", credentials ?? ""),
            ("declared", declared.map(\.description).joined(separator: "; ")),
        ]
    }
}

extension DeclaredProperty: CustomStringConvertible {
    /// `protection=IP66 by qorgau on 2026-03-01`.
    public var description: String { "\(name)=\(value) by \(declaredBy) on \(declaredOn)" }
}

extension Agreement: FieldText {
    /// Names and texts of all fields but the id.
    public var fieldTexts: [(name: String, text: String)] {
        let resolution = overrides.resolution.map { "\($0.width)x\($0.height)" }
        return [
            ("between", parties.map(\.text).joined(separator: " ")),
            ("scope", scope.description), ("document", document),
            ("valid_from", validFrom.text(decimals: 0)),
            ("valid_until", validUntil?.text(decimals: 0) ?? ""),
            ("thresholds.resolution", resolution ?? ""),
            ("thresholds.bitrate", overrides.minimumBitrate.map(Quantity.bitRateText) ?? ""),
            (
                "thresholds.frame_rate",
                overrides.minimumFrameRate.map { Quantity.decimalText($0, decimals: 3) } ?? ""
            ),
            (
                "thresholds.loss",
                overrides.maximumLoss.map { Quantity.decimalText($0, decimals: 4) + " %" } ?? ""
            ),
            (
                "thresholds.clock_offset",
                overrides.maximumClockOffset.map(Quantity.durationText) ?? ""
            ),
            (
                "thresholds.annual_downtime",
                overrides.annualDowntime.map(Quantity.durationText) ?? ""
            ),
        ]
    }
}

extension Agreement.Scope: CustomStringConvertible {
    /// `all`, or the kind of scope and what it names.
    public var description: String {
        switch self {
        case .all: "all"
        case .kinds(let kinds): "camera_kinds " + kinds.map(\.key).joined(separator: " ")
        case .sites(let sites): "sites " + sites.map(\.text).joined(separator: " ")
        case .cameras(let cameras): "cameras " + cameras.map(\.text).joined(separator: " ")
        }
    }
}
