// SPDX-License-Identifier: Apache-2.0
import Glibc
import Measurements
import Registry
import Testing
import Timekeeping

@testable import Reports

@Suite struct StatementPageTests {
    static func html(_ statement: Statement, _ language: Language) -> String {
        DocumentSink.text { statement.writeHTML(in: language, to: $0) }
    }

    @Test(arguments: Language.allCases)
    func `the page of a made-up system is as agreed`(language: Language) {
        expectGolden(
            Self.html(MadeUpSystem.statement(), language), "coordinator.\(language.rawValue).html")
    }

    @Test func `the page needs nothing but itself`() {
        let page = Self.html(MadeUpSystem.statement(), .english)
        for word in ["<script", "<link", "<img", "<iframe", "@import", "src=", "https:"] {
            #expect(!page.contains(word), "\(word)")
        }
        let addresses = page.split(separator: "\"").filter { $0.hasPrefix("http:") }
        #expect(Set(addresses) == ["http://www.w3.org/2000/svg"], "names of XML alone")
    }

    @Test(arguments: Language.allCases)
    func `every link within the page leads somewhere, every identity stands once`(
        language: Language
    ) {
        let page = Self.html(MadeUpSystem.statement(), language)
        func values(of attribute: String) -> [Substring] {
            page.split(separator: " \(attribute)=\"").dropFirst().map { $0.prefix { $0 != "\"" } }
        }
        let identities = values(of: "id")
        #expect(Set(identities).count == identities.count)
        for link in values(of: "href") {
            #expect(identities.contains(link.dropFirst()), "\(link)")
        }
    }

    @Test func `what somebody entered stays text`() {
        var statement = MadeUpSystem.statement()
        let hostile = "<b onclick='x'>\"&\u{0}\u{1b}"
        statement.cameras[0].name = hostile
        statement.works[0].what = hostile
        statement.exclusions[0].document = hostile
        let page = Self.html(statement, .russian)
        #expect(!page.contains("<b "))
        #expect(page.contains("&lt;b onclick=&#39;x&#39;&gt;&quot;&amp;  "))
        #expect(!page.utf8.contains(0x1b) && !page.utf8.contains(0))
    }

    @Test(arguments: Language.allCases)
    func `the annex has the downtime of every camera and its intervals`(language: Language) {
        let statement = MadeUpSystem.statement()
        let page = Self.html(statement, language)
        let text = FigureText(language, zone: statement.header.zone)
        for line in statement.cameras {
            #expect(page.contains(text.duration(line.totals.down)))
            for interval in line.intervals {
                #expect(page.contains(text.exactMoments(interval.range)))
                #expect(
                    page.contains(text.formatting.duration(interval.range.nanoseconds, .exact)))
            }
        }
    }

    @Test func `no phrase is missing or left in another language`() {
        func check(_ phrases: [Wording]) {
            for phrase in phrases {
                #expect(!phrase.kk.isEmpty && !phrase.ru.isEmpty && !phrase.en.isEmpty)
                #expect(phrase.en.unicodeScalars.allSatisfy { $0.value < 0x400 }, "\(phrase.en)")
                #expect(phrase.kk != phrase.en && phrase.ru != phrase.en)
            }
        }
        check(Sentence.allCases.map(\.wording))
        #expect(
            Set(Sentence.allCases.map(\.wording.en)).count >= Sentence.allCases.count - 4,
            "none falls through to another's words")
        check(Definition.allCases.flatMap { [$0.name, $0.wording] })
        check(ColumnTitle.allCases.map(\.wording))
        check(Statement.ChangeFigure.allCases.map(\.name))
        check(Statement.VerdictCode.allCases.map(\.name))
    }

    @Test(arguments: Language.allCases)
    func `a revision shows what changed`(language: Language) {
        var statement = MadeUpSystem.statement()
        let earlier = StatementFigures(statement)
        statement.cameras[0].totals.downFailure += 3_600_000_000_000
        statement.header.revision = 2
        statement.differences = Statement.Differences(
            previousRevision: 1, previousDigest: "0badc0de",
            rows: StatementFigures(statement).differences(from: earlier))
        let page = Self.html(statement, language)
        #expect(page.contains("0badc0de") && page.contains("d-fence"))
        #expect(page.contains(Formatting(language).duration(3_600_000_000_000, .exact)))
        #expect(page.contains(Sentence.provisional.text(language)) == false)
    }

    static let isLong = unsafe getenv("KUZET_LONG") != nil

    /// Prints how long the writing takes.
    ///
    /// It is 10,000 cameras under the limits of an optimised build where `KUZET_LONG` is set; else
    /// 200 cameras, and no limit of time.
    @Test func `of a large system no table lists more than it may`() {
        var statement = Statement.make(LargeSystem.sources(cameras: 200))
        let party = statement.parties[0]
        statement.parties = (0..<500).map { index in
            var line = party
            line.name = "Party \(index)"
            line.totals.downFailure = Int128(index)
            return line
        }
        let page = Self.html(statement, .english)
        #expect(page.contains("Party 499") && page.contains("Party 441"))
        #expect(!page.contains("Party 440<") && !page.contains("Party 440 "))
        #expect(page.contains("441 – parties.csv"))
    }

    @Test func `a month of a large system is written whole`() {
        let clock = ContinuousClock()
        let sources = LargeSystem.sources(cameras: Self.isLong ? 10_000 : 200)
        var statement = MadeUpSystem.statement()
        let making = clock.measure { statement = Statement.make(sources) }
        func written(_ body: (DocumentSink) -> Void) -> (Duration, Int) {
            var count = 0
            let took = clock.measure {
                let sink = DocumentSink { count += $0.count }
                body(sink)
                sink.flush()
            }
            return (took, count)
        }
        let html = written { statement.writeHTML(in: .russian, to: $0) }
        let json = written { statement.writeJSON(to: $0) }
        let csv = written { sink in
            for table in StatementTable.allCases { statement.writeCSV(table, to: sink) }
        }
        let figures = written { StatementFigures(statement).write(to: $0) }
        print("make \(making); HTML \(html); JSON \(json); CSV \(csv); figures \(figures)")
        #expect(statement.cameras.count == (Self.isLong ? 10_000 : 200))
        #expect([html.1, json.1, csv.1, figures.1].allSatisfy { $0 > 10_000 })
        if Self.isLong {
            #expect(making + html.0 + json.0 + csv.0 + figures.0 < .seconds(20))
        }
        if let path = unsafe getenv("KUZET_LARGE_PAGE") {
            let file = unsafe fopen(path, "wb")
            let sink = DocumentSink { bytes in unsafe fwrite(bytes, 1, bytes.count, file) }
            statement.writeHTML(in: .russian, to: sink)
            sink.flush()
            unsafe fclose(file)
        }
    }
}
