// SPDX-License-Identifier: Apache-2.0
public import Timekeeping

/// What a device's certificate says.
public struct Certificate: Hashable, Sendable {
    /// Whose it is, as it says.
    public var subject = ""
    /// Who signed it.
    public var issuer = ""
    /// From when on it counts.
    public var validFrom: Instant?
    /// Until when it counts.
    public var validUntil: Instant?

    /// Octets of a name that are kept.
    static let nameLimit = 256

    /// Makes a certificate of which nothing is known.
    public init() {}

    /// Takes the fields that libcurl lists, as `Expire date:Nov 22 21:14:48 2026 GMT`.
    init(fields: [String]) {
        for field in fields {
            guard let colon = field.firstIndex(of: ":") else { continue }
            let value = String(field[field.index(after: colon)...])
            switch field[..<colon] {
            case "Subject": subject = String(value.prefix(Certificate.nameLimit))
            case "Issuer": issuer = String(value.prefix(Certificate.nameLimit))
            case "Start date": validFrom = Certificate.instant(value)
            case "Expire date": validUntil = Certificate.instant(value)
            default: break
            }
        }
    }

    /// Whole days that it still counts, rounded down; negative once it is over.
    public func daysLeft(at now: Instant) -> Int? {
        guard let validUntil else { return nil }
        let day: Int64 = 86_400_000_000_000
        let (whole, rest) = validUntil.nanoseconds(since: now).quotientAndRemainder(
            dividingBy: day)
        return Int(rest < 0 ? whole - 1 : whole)
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Reads `Nov 22 21:14:48 2026 GMT`, or gives nil.
    static func instant(_ text: String) -> Instant? {
        let words = text.split(separator: " ")
        guard words.count == 5, words[4] == "GMT",
            let month = months.firstIndex(of: String(words[0])), let day = Int(words[1]),
            let year = Int(words[3])
        else { return nil }
        let clock = words[2].split(separator: ":").compactMap { Int($0) }
        guard clock.count == 3, (0...23).contains(clock[0]), (0...59).contains(clock[1]),
            (0...60).contains(clock[2])
        else { return nil }
        return instant(
            year: year, month: month + 1, day: day, hour: clock[0], minute: clock[1],
            second: clock[2])
    }

    /// The instant of a date and time in UTC; nil for a date that there is not, and outside the
    /// years that 64 bits of nanoseconds hold.
    static func instant(
        year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int
    ) -> Instant? {
        guard (1678...2261).contains(year),
            let date = CalendarDate(year: year, month: month, day: day)
        else { return nil }
        let seconds = date.daysSinceEpoch * 86_400 + hour * 3600 + minute * 60 + second
        return Instant(nanoseconds: Int64(seconds) * 1_000_000_000)
    }
}

/// Whether a device's certificate is in order, and why not.
public struct CertificateResult: Hashable, Sendable {
    /// What can be wrong with it.
    public enum Fault: String, Hashable, Sendable, CaseIterable {
        case expired
        case notYetValid = "not-yet-valid"
        case wrongName = "wrong-name"
        case selfSigned = "self-signed"
        case unknownIssuer = "unknown-issuer"
        case other
    }

    /// What it says; nil if none was shown.
    public var certificate: Certificate?
    /// The first thing wrong with it; nil if it is in order.
    public var fault: Fault?
    /// Why nothing is known: nobody there, or no TLS.
    public var failure: CheckFailure?

    /// Makes a result.
    public init(
        certificate: Certificate? = nil, fault: Fault? = nil, failure: CheckFailure? = nil
    ) {
        self.certificate = certificate
        self.fault = fault
        self.failure = failure
    }
}

extension CertificateResult.Fault {
    /// The fault behind OpenSSL's number (`X509_V_ERR_…`).
    ///
    /// Libcurl looks at the name before it takes over the chain's number, and leaves 0 or 1 there
    /// if the name is at fault.
    init(verification: Int) {
        switch verification {
        case 0, 1, 62, 64: self = .wrongName
        case 9: self = .notYetValid
        case 10: self = .expired
        case 18, 19: self = .selfSigned
        case 2, 20, 21, 27: self = .unknownIssuer
        default: self = .other
        }
    }
}
