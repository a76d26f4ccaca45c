// SPDX-License-Identifier: Apache-2.0
import Packets
import Simulation
import Testing

@testable import Streams

@Suite struct AssociationTableTests {
    static func found(_ table: AssociationTable, _ ssrc: UInt32, _ address: IPAddress) -> [Int] {
        var found: [Int] = []
        table.visit(ssrc: ssrc, address: address) {
            found.append($0)
            return true
        }
        return found
    }

    static func address(_ number: Int) -> IPAddress { IPAddress(v4: 0x0a00_0000 + UInt32(number)) }

    @Test func `what was inserted is found by SSRC and address and nothing else is`() {
        var table = AssociationTable()
        table.insert(5, ssrc: 1, address: Self.address(1))
        #expect(Self.found(table, 1, Self.address(1)) == [5])
        #expect(Self.found(table, 2, Self.address(1)).isEmpty)
        #expect(Self.found(table, 1, Self.address(2)).isEmpty)
    }

    @Test func `streams of one sender with one SSRC are all found`() {
        var table = AssociationTable()
        for index in 0..<20 { table.insert(index, ssrc: 1, address: Self.address(1)) }
        #expect(Self.found(table, 1, Self.address(1)).sorted() == Array(0..<20))
    }

    @Test func `the asker ends the search`() {
        var table = AssociationTable()
        for index in 0..<5 { table.insert(index, ssrc: 1, address: Self.address(1)) }
        var asked = 0
        table.visit(ssrc: 1, address: Self.address(1)) { _ in
            asked += 1
            return asked < 2
        }
        #expect(asked == 2)
    }

    @Test func `20 000 streams are found after the table grew`() {
        var table = AssociationTable()
        var random = SplitMix64(seed: 11)
        var keys: [(UInt32, IPAddress)] = []
        for index in 0..<20_000 {
            let address =
                index % 3 == 0
                ? IPAddress(high: 0xfd00 << 48, low: random.next()) : Self.address(index)
            keys.append((UInt32(truncatingIfNeeded: random.next()), address))
            table.insert(index, ssrc: keys[index].0, address: address)
        }
        var missing = 0
        for (index, key) in keys.enumerated()
        where !Self.found(table, key.0, key.1).contains(index) {
            missing += 1
        }
        #expect(missing == 0)
        var strangers = 0
        for number in 0..<20_000
        where !Self.found(table, UInt32(number), Self.address(1 << 22 | number)).isEmpty {
            strangers += 1
        }
        #expect(strangers < 10)
    }

    @Test func `somebody who repeats one key fills no more than the search reaches`() {
        var table = AssociationTable()
        for index in 0..<5000 { table.insert(index, ssrc: 1, address: Self.address(1)) }
        #expect(Self.found(table, 1, Self.address(1)).count == AssociationTable.probeLimit)
        table.insert(9999, ssrc: 2, address: Self.address(2))
        #expect(Self.found(table, 2, Self.address(2)) == [9999])
    }
}
