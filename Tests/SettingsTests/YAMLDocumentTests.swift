// SPDX-License-Identifier: Apache-2.0
import Registry
import Testing

@testable import Settings

@Suite struct YAMLDocumentTests {
    static func parse(_ text: String) -> (node: YAMLNode?, problems: [String]) {
        var problems = ProblemList()
        let node = YAMLDocument.parse(Array(text.utf8), file: "f", &problems)
        return (node, problems.sorted.map(\.description))
    }

    static func text(_ node: YAMLNode?, _ key: String) -> FieldValue? {
        guard case .mapping(let mapping)? = node, case .text(let value)? = mapping[key]?.value
        else { return nil }
        return value
    }

    @Test func `texts stay texts and say whether they were quoted`() {
        let (node, problems) = Self.parse("a: 010\nb: \"no\"\nc: 'x''y'\nd: \"\\u0416\\\"\"\n")
        #expect(problems.isEmpty)
        #expect(Self.text(node, "a")?.text == "010")
        #expect(Self.text(node, "a")?.isQuoted == false)
        #expect(Self.text(node, "b")?.isQuoted == true)
        #expect(Self.text(node, "c")?.text == "x'y")
        #expect(Self.text(node, "d")?.text == "Ж\"")
    }

    @Test func `places are lines and columns in letters`() {
        let (node, _) = Self.parse("{ä: 1, \"Жж\": x}\n")
        #expect(Self.text(node, "Жж")?.place == SourcePlace(file: "f", line: 1, column: 14))
    }

    @Test(arguments: [
        "a: x & y\n", "a: x * y, *z\n", "a: b!c\n", "a: '& * ! |'\n", "a: \"*\"\n",
        "# &a *b\na: b # *c\n", "a: http://h/x?a=1&b=2\n", "a: 1 > 0\n", "a: 'it''s'\n",
        "a: [b, 'c', \"d\"]\n", "a: {b: c}\n", "a:\n- b\n- c: d\n  e: f\n", "a: x[1]{2}\n",
        "a: [\n  b, # c\n  d\n]\n", "a: it's\n",
    ])
    func `signs inside texts, quotes and remarks are no parts of YAML that we refuse`(text: String)
    {
        #expect(Self.parse(text).problems.isEmpty)
    }

    @Test(arguments: [
        "a: &x y\n", "- &x y\n", "a: [&x y]\n", "a: {b: &x y}\n", "&x a: b\n", "a: *x\n",
        "a: [b, *x]\n", "*x : b\n", "a: !t b\n", "a: !!int 1\n", "? a\n: b\n", "? [a]\n",
        "%YAML 1.1\n---\na: b\n", "a: >\n  b\n", "a: 'b\n  c'\n", "a: b\n  'c\nd: &e f\n",
    ])
    func `parts of YAML that we do without are refused`(text: String) {
        let (node, problems) = Self.parse(text)
        #expect(node == nil)
        #expect(!problems.isEmpty)
    }

    @Test func `every key that is there twice is named, wherever it is`() {
        let text = "a:\n  - {x: 1, y: 2, x: 3}\n  - {'x': 1, \"x\": 2}\nb: 1\nb: 2\nb: 3\n"
        #expect(
            Self.parse(text).problems == [
                "f:2:18: x: duplicate key (first at line 2)",
                "f:3:14: x: duplicate key (first at line 3)",
                "f:5:1: b: duplicate key (first at line 4)",
                "f:6:1: b: duplicate key (first at line 4)",
            ])
    }

    @Test func `more keys twice than are looked for still refuse the file`() {
        let text = (0..<100).map { "k\($0): 1\nk\($0): 2\n" }.joined()
        let (node, problems) = Self.parse(text)
        #expect(node == nil)
        #expect(!problems.isEmpty)
    }

    @Test func `no text of any kind stops the reader`() {
        // Seeded: prefixes and mutations of a file that has everything.
        let seed: UInt64 = 7
        var state = seed
        func random(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        let sample = Array((SampleFiles.parties + SampleFiles.channels).utf8)
        let signs = Array("[]{},:-?&*!|>'\"%@`# \t\n\r\\x0~\u{7f}".utf8)
        for _ in 0..<2000 {
            var octets = Array(sample.prefix(random(sample.count + 1)))
            for _ in 0..<random(6) where !octets.isEmpty {
                octets[random(octets.count)] =
                    random(8) == 0 ? UInt8(random(256)) : signs[random(signs.count)]
            }
            var problems = ProblemList()
            let node = YAMLDocument.parse(octets, file: "f", &problems)
            #expect((node == nil) == problems.hasErrors, "seed \(seed)")
        }
    }
}
