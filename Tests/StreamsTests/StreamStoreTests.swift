// SPDX-License-Identifier: Apache-2.0
import RTP
import Simulation
import Testing

@testable import Streams

@Suite struct StreamStoreTests {
    static let seed: UInt64 = 9

    static func arrival(_ number: Int) -> Arrival {
        var arrival = Arrival.none
        arrival.key.addresses = UInt64(number)
        arrival.key.ends = UInt64(number) << 7
        arrival.hash = arrival.key.hash(seed: seed)
        return arrival
    }

    static func insert(_ arrival: Arrival, _ store: inout StreamStore) -> Int? {
        guard let index = store.insert(hash: arrival.hash) else { return nil }
        let tracker = SequenceTracker(first: 0)
        let totals = StreamTotals(arrival, sequence: SequenceBounds(tracker))
        unsafe store.totals(index).initialize(to: totals)
        var stream = HotStream(arrival, sequence: tracker)
        stream.flags = []
        unsafe store.hot(index).initialize(to: stream)
        return index
    }

    /// Numbers whose keys share the low ten bits of the hash: one slot of the smallest table.
    static func colliding(_ count: Int) -> [Int] {
        let slot = arrival(0).hash & 1023
        return Array((0...).lazy.filter { arrival($0).hash & 1023 == slot }.prefix(count))
    }

    /// `operations` at random against a dictionary, of the numbers given.
    static func compare(operations: Int, numbers: [Int], seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var store = StreamStore(limit: numbers.count, seed: Self.seed)
        var model: [Int: Int] = [:]
        for operation in 0..<operations {
            let number = numbers[random.below(numbers.count)]
            let arrival = arrival(number)
            let found = store.find(arrival.key, hash: arrival.hash)
            if found != model[number] {
                Issue.record("seed \(seed), operation \(operation): key \(number)")
                return
            }
            // First mostly in, later mostly out, and again.
            let isGrowing = operation / 5000 % 2 == 0
            if let found, random.below(10) < (isGrowing ? 2 : 8) {
                store.remove(found, hash: arrival.hash)
                model[number] = nil
            } else if found == nil, random.below(10) < (isGrowing ? 8 : 2) {
                model[number] = insert(arrival, &store)
                if model[number] == nil { Issue.record("refused below the limit") }
            }
            if store.liveCount != model.count { Issue.record("\(operation): live count") }
        }
        for number in numbers {
            let arrival = arrival(number)
            let found = store.find(arrival.key, hash: arrival.hash)
            #expect(found == model[number])
        }
        let count = store.count
        #expect(Set(model.values).count == model.count)
        #expect(model.values.allSatisfy { $0 < count })
    }

    @Test func `100 000 random operations agree with a dictionary`() {
        Self.compare(operations: 100_000, numbers: Array(0..<6000), seed: 1)
    }

    @Test func `hashes that collide in their place agree with a dictionary`() {
        Self.compare(operations: 20_000, numbers: Self.colliding(300), seed: 2)
    }

    @Test func `the limit is kept and a place vacated is used again`() throws {
        var store = StreamStore(limit: 3, seed: Self.seed)
        var places: [Int] = []
        for number in 0..<3 {
            let place = Self.insert(Self.arrival(number), &store)
            places.append(try #require(place))
        }
        let fourth = Self.insert(Self.arrival(3), &store)
        #expect(fourth == nil)
        var live = store.liveCount
        #expect(live == 3)
        store.remove(places[1], hash: Self.arrival(1).hash)
        let isVacant = unsafe store.hot(places[1]).pointee.flags == .vacant
        #expect(isVacant)
        let reused = Self.insert(Self.arrival(4), &store)
        #expect(reused == places[1])
        live = store.count
        #expect(live == 3)
        let gone = store.find(Self.arrival(1).key, hash: Self.arrival(1).hash)
        #expect(gone == nil)
    }

    @Test func `removing what is not there changes nothing`() throws {
        var store = StreamStore(limit: 10, seed: Self.seed)
        let inserted = Self.insert(Self.arrival(1), &store)
        let place = try #require(inserted)
        store.remove(place, hash: Self.arrival(2).hash)
        let live = store.liveCount
        #expect(live == 1)
        let found = store.find(Self.arrival(1).key, hash: Self.arrival(1).hash)
        #expect(found == place)
    }

    @Test func `streams do not move while the table grows`() throws {
        var store = StreamStore(limit: 5000, seed: Self.seed)
        let inserted = Self.insert(Self.arrival(0), &store)
        let place = try #require(inserted)
        let before = unsafe Int(bitPattern: store.hot(place))
        for number in 1..<5000 { _ = Self.insert(Self.arrival(number), &store) }
        let after = unsafe Int(bitPattern: store.hot(place))
        #expect(before == after)
        #expect(after % 64 == 0)
        for number in 0..<5000 {
            let arrival = Self.arrival(number)
            let found = store.find(arrival.key, hash: arrival.hash)
            #expect(found != nil)
        }
    }
}
