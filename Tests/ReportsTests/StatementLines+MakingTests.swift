// SPDX-License-Identifier: Apache-2.0
import Agreements
import Measurements
import Registry
import Testing
import Timekeeping

@testable import Reports

/// Stalls of the picture and encryption, from roll-ups to the statement.
@Suite struct StatementLinesMakingTests {
    static let second: Int64 = 1_000_000_000

    private func piece(
        hour: Int64, gap: Int64, isEncrypted: Bool = false, received: UInt64 = 1
    ) -> Rollup {
        var measurement = Measurement(
            range: TimeRange(
                start: MadeUpSystem.month.start.advanced(byNanoseconds: hour * MadeUpSystem.hour),
                nanoseconds: 10 * Self.second))
        measurement.frames.largestGapNanoseconds = gap
        measurement.packets.received = received
        return Rollup(
            Observation(measurement: measurement, isEncrypted: isEncrypted), maximumLoss: 200_000)
    }

    private func figures(_ pieces: [Rollup], isOpenAtLast: Bool = false) throws
        -> Statement.QualityFigures
    {
        try #require(Statement.QualityFigures(pieces, isOpenAtLast: { _ in isOpenAtLast }))
    }

    @Test func `of each piece of the period the longest stall is told`() throws {
        let found = try figures([
            piece(hour: 0, gap: 2 * Self.second), piece(hour: 1, gap: Self.second - 1),
            piece(hour: 2, gap: 30 * Self.second), piece(hour: 3, gap: Self.second),
        ])
        #expect(found.stalls.map(\.nanoseconds) == [2 * Self.second, Self.second])
        #expect(found.stalls.map(\.count) == [1, 1])
        #expect(found.largestGap == 30 * Self.second)
    }

    @Test func `a stall that ended within downtime is told as that alone`() throws {
        var sources = MadeUpSystem.sources()
        let quality = sources.quality
        // Down from 02:00 to 05:00 on 5 October in Almaty.
        let stalls = try [98 - 1, 98, 98 + 6].map {
            try #require(
                try figures([piece(hour: Int64($0), gap: 2 * Self.second)]).stalls.first)
        }
        sources.quality = { camera in
            var figures = quality(camera)
            if camera.text == "k1-hall" { figures?.stalls = stalls }
            return figures
        }
        let line = try #require(
            Statement.make(sources).cameras.first { $0.id.text == "k1-hall" })
        #expect(line.quality.stalls == [stalls[0], stalls[2]])
    }

    @Test func `a stream is encrypted if all of the period shows it`() throws {
        let secret = piece(hour: 0, gap: 0, isEncrypted: true)
        let plain = piece(hour: 1, gap: 0)
        let silent = piece(hour: 2, gap: 0, received: 0)
        var old = piece(hour: 3, gap: 0, isEncrypted: true)
        (old.encryptedNanoseconds, old.isEncryptionKnown) = (0, false)
        #expect(try figures([secret, silent]).encryption == .whole)
        #expect(try figures([secret, silent]).unencrypted == 0)
        // An hour in the clear is not healed by what came after it.
        let mixed = try figures([plain, secret])
        #expect(mixed.encryption == Statement.Encryption.none)
        #expect(mixed.unencrypted == 10 * Self.second)
        #expect(try figures([silent]).encryption == nil)
        #expect(try figures([old, secret]).encryption == nil)
        #expect(try figures([old, secret]).unencrypted == nil)
        #expect(try figures([old], isOpenAtLast: true).encryption == Statement.Encryption.none)
        #expect(try figures([old, plain]).encryption == Statement.Encryption.none)
    }

    @Test(arguments: [
        (Language.kazakh, "Кескіннің тоқтап қалуы (2-қосымша, 7-тармақ, 2) тармақша)"),
        (.russian, "Остановки изображения (приложение 2, п. 7, подп. 2))"),
        (.english, "Stalls of the picture (annex 2, point 7, sub-point 2)"),
    ])
    func `the annex names each stall under its clause`(_ language: Language, _ title: String) {
        let text = DocumentSink.text {
            MadeUpSystem.statement().writeHTML(in: language, to: $0)
        }.replacing("\u{a0}", with: " ").replacing("\u{202f}", with: " ")
        #expect(text.contains(title))
        let words: [Language: String] = [
            .kazakh: "Кескін тоқтап қалды: 6,036 с", .russian: "Остановка изображения: 6,036 с",
            .english: "Stall of 6.036 s",
        ]
        #expect(text.contains(words[language] ?? "?"))
        #expect(text.contains("12:30:10"))
    }
}
