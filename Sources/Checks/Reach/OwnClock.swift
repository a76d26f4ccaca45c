// SPDX-License-Identifier: Apache-2.0
import CSockets
import Glibc

/// How far the probe's own clock is off, as the kernel knows it.
///
/// Without it no offset of a camera means anything: a camera's clock is measured against this
/// one.
public struct OwnClock: Hashable, Sendable {
    /// Whether something keeps the clock right.
    public enum State: String, Hashable, Sendable {
        case synchronised
        case unsynchronised
        /// A leap second is being inserted or deleted.
        case leaping
        /// The kernel would not say.
        case unknown
    }

    /// Whether something keeps the clock right.
    public var state: State
    /// What is still to be corrected, ns.
    public var offsetNanoseconds: Int64
    /// The most that the clock can be off, ns.
    public var greatestError: Int64
    /// What it is estimated to be off, ns.
    public var estimatedError: Int64

    /// Makes a state.
    public init(
        state: State, offsetNanoseconds: Int64 = 0, greatestError: Int64 = 0,
        estimatedError: Int64 = 0
    ) {
        self.state = state
        self.offsetNanoseconds = offsetNanoseconds
        self.greatestError = greatestError
        self.estimatedError = estimatedError
    }

    /// Beyond this the kernel's bound means that nobody keeps the clock, ns: 16 s, what the
    /// kernel lets it grow to (NTP_PHASE_LIMIT).
    static let endlessError: Int64 = 16_000_000_000

    /// Asks the kernel (adjtimex(2)); needs no right.
    public static func read() -> OwnClock {
        var state = timex()
        let answer = unsafe adjtimex(&state)
        let unit: Int64 = state.status & 0x2000 != 0 ? 1 : 1000
        return OwnClock(
            answer: answer, status: state.status, offset: Int64(state.offset) &* unit,
            greatestMicroseconds: Int64(state.maxerror),
            estimatedMicroseconds: Int64(state.esterror))
    }

    /// Reads what adjtimex answered: its value, its status word (0x40: unsynchronised).
    init(
        answer: Int32, status: Int32, offset: Int64, greatestMicroseconds: Int64,
        estimatedMicroseconds: Int64
    ) {
        let greatest = greatestMicroseconds.multipliedReportingOverflow(by: 1000)
        let estimated = estimatedMicroseconds.multipliedReportingOverflow(by: 1000)
        greatestError = greatest.overflow ? .max : greatest.partialValue
        estimatedError = estimated.overflow ? .max : estimated.partialValue
        offsetNanoseconds = offset
        if answer < 0 {
            state = .unknown
        } else if answer == 5 || status & 0x40 != 0 || greatestError >= OwnClock.endlessError {
            state = .unsynchronised
        } else {
            state = (1...4).contains(answer) ? .leaping : .synchronised
        }
    }
}

/// What chrony says of its source, as `chronyc -c tracking` prints it.
public struct ChronyTracking: Hashable, Sendable {
    /// The source's address or name; empty if there is none.
    public var source: String
    /// How many clocks lie between this one and a reference; 0 if not synchronised.
    public var stratum: Int
    /// System clock less NTP's time, ns; positive if the system's is slow, as chrony has it.
    public var offsetNanoseconds: Int64
    /// Half the round trip to the reference plus its own error, ns: the bound of the error.
    public var boundNanoseconds: Int64
    /// `Normal`, `Not synchronised` and the like.
    public var leapStatus: String

    /// Asks chrony's own client, which needs no right; nil where there is none.
    ///
    /// Waits 3 s at most.
    static func read() -> ChronyTracking? {
        guard let pipe = unsafe popen("timeout 3 chronyc -n -c tracking 2>/dev/null", "re") else {
            return nil
        }
        defer { _ = unsafe pclose(pipe) }
        var line = [CChar](repeating: 0, count: 1024)
        guard unsafe fgets(&line, 1024, pipe) != nil else { return nil }
        let octets = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return ChronyTracking(parsing: String(decoding: octets, as: UTF8.self))
    }

    /// Reads the line of 14 fields separated by commas, or gives nil if it is none.
    public init?(parsing line: String) {
        let fields = line.prefix(1024).split(
            separator: ",", omittingEmptySubsequences: false
        ).map { String($0.filter { $0 != "\n" }) }
        guard fields.count == 14, let stratum = Int(fields[2]),
            let offset = Double(fields[4]), let delay = Double(fields[10]),
            let dispersion = Double(fields[11]),
            [offset, delay, dispersion].allSatisfy({ $0.isFinite && $0.magnitude < 1e6 })
        else { return nil }
        source = fields[1]
        self.stratum = stratum
        offsetNanoseconds = Int64((offset * 1e9).rounded())
        boundNanoseconds = Int64(((delay / 2 + dispersion) * 1e9).rounded())
        leapStatus = fields[13]
    }
}
