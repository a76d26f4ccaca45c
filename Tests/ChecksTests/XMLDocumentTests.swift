// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Checks

struct XMLDocumentTests {
    private func fault(_ text: String) -> XMLFault.Kind? {
        do throws(XMLFault) {
            _ = try XMLReader.read(Array(text.utf8))
            return nil
        } catch {
            return error.kind
        }
    }

    @Test func `elements, attributes, text and entities are read`() throws {
        let root = try XMLReader.read(
            Array(
                """
                <?xml version="1.0" encoding="UTF-8"?><!-- c --><a:r x='1' n:y="&lt;2&#x41;">
                 <b>one &amp; <![CDATA[<two>]]></b><c/><b>three</b></a:r>
                """.utf8))
        #expect(root.name == "r")
        #expect(root.attributes == ["x": "1", "y": "<2A"])
        #expect(root["b"]?.text == "one & <two>")
        #expect(root.all("b").count == 2)
        #expect(root.first("c") != nil)
    }

    @Test(arguments: [
        ("<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", XMLFault.Kind.declaration),
        ("<a><!ENTITY x></a>", .declaration), ("<a>&x;</a>", .entity), ("<a>&#0;</a>", .entity),
        ("<a>&#xD800;</a>", .entity), ("<a>&lt</a>", .entity), ("<a><b></a></b>", .malformed),
        ("<a", .malformed), ("", .malformed), ("text", .malformed), ("<a></a><b/>", .malformed),
        ("<a x=1/>", .malformed), ("<a x='<'/>", .malformed),
        ("<?xml version='1.0' encoding='x-mac'?><a/>", .encoding), ("<a>\u{0}</a>", .encoding),
    ])
    func `hostile and broken documents are refused with their reason`(
        text: String, kind: XMLFault.Kind
    ) {
        #expect(fault(text) == kind)
    }

    @Test func `depth, number and length have bounds`() {
        let deep = String(repeating: "<a>", count: 10_000)
        #expect(fault(deep) == .tooDeep)
        let wide = "<a>" + String(repeating: "<b/>", count: 20_001) + "</a>"
        #expect(fault(wide) == .tooMany)
        let attributes = (0..<100).map { "a\($0)='1'" }.joined(separator: " ")
        #expect(fault("<a \(attributes)/>") == .tooManyAttributes)
        #expect(fault("<a x='\(String(repeating: "v", count: 70_000))'/>") == .longValue)
        #expect(fault("<a>" + String(repeating: " ", count: 600_000)) == .tooLong)
    }

    @Test func `the offset of a declaration is told`() {
        #expect(throws: XMLFault(kind: .declaration, offset: 3)) {
            try XMLReader.read(Array("<a><!X></a>".utf8))
        }
    }

    @Test func `UTF-16 and marks of byte order are read`() throws {
        let text = "<a>қазақ</a>"
        var big: [UInt8] = [0xfe, 0xff]
        for unit in text.utf16 { big += [UInt8(unit >> 8), UInt8(unit & 0xff)] }
        #expect(try XMLReader.read(big).text == "қазақ")
        #expect(try XMLReader.read([0xef, 0xbb, 0xbf] + Array(text.utf8)).text == "қазақ")
        #expect(throws: XMLFault.self) { try XMLReader.read([0x3c, 0x61, 0xff, 0x3e]) }
    }

    @Test func `no truncation and no mutation traps`() {
        let whole = Array(
            "<?xml version=\"1.0\"?><a b='c'><!-- x --><d>&amp;&#65;</d><e/></a>".utf8)
        for count in whole.indices { _ = try? XMLReader.read(Array(whole[..<count])) }
        var state: UInt64 = 42
        for _ in 0..<20_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            var mutated = whole
            mutated[Int(state >> 33) % whole.count] = UInt8(truncatingIfNeeded: state >> 20)
            mutated.remove(at: Int(state >> 40) % mutated.count)
            _ = try? XMLReader.read(mutated)
        }
    }

    @Test func `a token of a device cannot become markup`() {
        #expect(XMLReader.escaped("\"/><x>&'") == "&quot;/&gt;&lt;x&gt;&amp;&apos;")
    }
}
