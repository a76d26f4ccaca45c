// SPDX-License-Identifier: Apache-2.0
import Measurements

extension Windows {
    func write(to writer: inout StateWriter) {
        for confirmation in confirmations { confirmation.write(to: &writer) }
        short.write(to: &writer)
        long.write(to: &writer)
        writer.put(sample != nil)
        if let sample {
            writer.put(signed: sample.end &- writer.origin)
            for finding in sample.findings { writer.put(finding.rawValue) }
        }
    }

    /// Reads what `write` wrote; whether it could.
    mutating func read(from reader: inout StateReader) -> Bool {
        for index in confirmations.indices {
            confirmations[index] = CriterionConfirmation(from: &reader)
        }
        guard short.read(from: &reader), long.read(from: &reader) else { return false }
        if reader.flag() {
            let end = reader.origin &+ reader.signed()
            let findings = confirmations.map { _ in reader.choice(Figure.Finding.none) }
            sample = Sample(end: end, findings: findings)
        }
        return reader.isSound
    }
}

extension Windows.Open {
    func write(to writer: inout StateWriter) {
        writer.put(isOpen)
        guard isOpen else { return }
        writer.put(signed: start &- writer.origin)
        writer.put(UInt64(bitPattern: end &- start))
        writer.put(resolution.rawValue)
        writer.put(clock.rawValue)
        writer.put(stretches.live)
        writer.put(sums.count)
        for sum in sums {
            writer.put(sum.vantage.text)
            writer.put(signed: sum.nanoseconds)
            writer.put(sum.octets)
            writer.put(sum.frames)
            writer.put(sum.hasDrops)
            writer.put(sum.showsFrames)
            writer.put(signed: sum.minimumBitrate)
            writer.put(signed: sum.minimumFrameRate)
        }
    }

    mutating func read(from reader: inout StateReader) -> Bool {
        isOpen = reader.flag()
        guard isOpen else { return reader.isSound }
        start = reader.origin &+ reader.signed()
        end = start &+ Int64(truncatingIfNeeded: reader.number())
        resolution = reader.choice(.none)
        clock = reader.choice(.none)
        stretches = Line(reader.stretches())
        for _ in 0..<reader.count() {
            guard let sum = MeanSum(from: &reader) else { return false }
            sums.append(sum)
        }
        return reader.isSound && !stretches.isEmpty
    }
}

extension MeanSum {
    init?(from reader: inout StateReader) {
        guard let vantage = VantageID(reader.text()) else { return nil }
        self.vantage = vantage
        nanoseconds = reader.signed()
        octets = reader.number()
        frames = reader.number()
        hasDrops = reader.flag()
        showsFrames = reader.flag()
        minimumBitrate = reader.signed()
        minimumFrameRate = reader.signed()
        guard reader.isSound, nanoseconds >= 0, nanoseconds <= JudgingRules.longest else {
            return nil
        }
    }
}

extension Figure {
    func write(to writer: inout StateWriter) {
        writer.put(signed: start &- writer.origin)
        writer.put(UInt64(bitPattern: end &- start))
        writer.put(octets)
        writer.put(frames)
        writer.put(hasDrops)
        writer.put(showsFrames)
        writer.put(isSampled)
        writer.put(resolution.rawValue)
        writer.put(clock.rawValue)
        writer.put(signed: minimumBitrate)
        writer.put(signed: minimumFrameRate)
    }

    init?(from reader: inout StateReader) {
        start = reader.origin &+ reader.signed()
        end = start &+ Int64(truncatingIfNeeded: reader.number())
        octets = reader.number()
        frames = reader.number()
        hasDrops = reader.flag()
        showsFrames = reader.flag()
        isSampled = reader.flag()
        resolution = reader.choice(.none)
        clock = reader.choice(.none)
        minimumBitrate = reader.signed()
        minimumFrameRate = reader.signed()
        guard reader.isSound else { return nil }
    }
}
