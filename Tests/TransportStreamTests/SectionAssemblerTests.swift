// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import TransportStream

@Suite struct SectionAssemblerTests {
    private let section = Write.map(clock: 0x100, [(0x1b, 0x100)])

    @Test func `a section in one packet`() {
        var assembler = SectionAssembler()
        let payload = [0] + section + [UInt8](repeating: 0xff, count: 20)
        #expect(assembler.receive(payload.span, startsUnit: true) == [section])
    }

    @Test func `a section cut anywhere is put together`() {
        for cut in 1..<section.count {
            var assembler = SectionAssembler()
            let first = [0] + section[..<cut]
            let second = section[cut...] + [0xff, 0xff]
            #expect(assembler.receive(Array(first).span, startsUnit: true) == [])
            #expect(assembler.receive(Array(second).span, startsUnit: false) == [section])
        }
    }

    @Test func `a section may end before the pointer and another begin behind it`() {
        var assembler = SectionAssembler()
        let first = [0] + section[..<10]
        let second = [UInt8(section.count - 10)] + section[10...] + section
        #expect(assembler.receive(Array(first).span, startsUnit: true) == [])
        #expect(assembler.receive(Array(second).span, startsUnit: true) == [section, section])
    }

    @Test func `row 51: a section of 4095 octets is skipped and counted`() {
        var assembler = SectionAssembler()
        let payload: [UInt8] = [0, 2, 0xbf, 0xff] + [UInt8](repeating: 0, count: 180)
        #expect(assembler.receive(payload.span, startsUnit: true) == [])
        #expect(assembler.oversized == 1)
        for _ in 0..<100 {
            #expect(assembler.receive(payload.span, startsUnit: false) == [])
        }
        let sound = [0] + section
        #expect(assembler.receive(sound.span, startsUnit: true) == [section])
    }

    @Test func `a pointer that leaves the packet starts nothing`() {
        var assembler = SectionAssembler()
        #expect(assembler.receive([200, 2, 0xb0].span, startsUnit: true) == [])
        #expect(assembler.receive(section.span, startsUnit: false) == [])
        #expect(assembler.receive([UInt8]().span, startsUnit: true) == [])
    }

    @Test func `a hole drops the section begun`() {
        var assembler = SectionAssembler()
        _ = assembler.receive(Array([0] + section[..<10]).span, startsUnit: true)
        assembler.drop()
        #expect(assembler.broken == 1)
        #expect(assembler.receive(Array(section[10...]).span, startsUnit: false) == [])
    }
}
