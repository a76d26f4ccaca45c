// SPDX-License-Identifier: Apache-2.0
import Packets
import Testing

@testable import Streams

@Suite struct ConnectionTests {
    private func connection(_ number: UInt16, at instant: Int64 = 0) -> Connection {
        let (first, second) = (end(10, 0, 0, 1, number), end(10, 0, 0, 2, 554))
        return Connection(
            key: ConnectionKey(first, second, VLANTags()), from: first, to: second,
            vlan: VLANTags(), at: instant)
    }

    private func key(_ index: UInt32) -> StreamKey {
        StreamKey(
            source: end(10, 0, 0, 2, 554), destination: end(10, 0, 0, 1, 9), ssrc: index,
            vlan: VLANTags(), carriage: .rtpInterleaved)
    }

    @Test func `both directions have one key`() {
        let (first, second) = (end(10, 0, 0, 1, 9), end(10, 0, 0, 2, 554))
        #expect(
            ConnectionKey(first, second, VLANTags()) == ConnectionKey(second, first, VLANTags()))
    }

    @Test func `the end with the lower port is the server until messages tell`() {
        var connection = connection(40_000)
        #expect(connection.ends.server == IPAddress(10, 0, 0, 2))
        connection.client = 1
        #expect(connection.ends.server == IPAddress(10, 0, 0, 1))
    }

    @Test func `a request's URL has no credentials`() {
        var connection = connection(40_000)
        connection.client = 0
        #expect(connection.requestURL == nil)
        connection.requestTarget = "/video.mjpg"
        #expect(connection.requestURL == "http://10.0.0.2:554/video.mjpg")
        connection.requestHost = "camera"
        #expect(connection.requestURL == "http://camera/video.mjpg")
        connection.requestTarget = "http://admin:secret@camera/video.mjpg"
        #expect(connection.requestURL == "http://camera/video.mjpg")
    }

    @Test func `streams are noted once each and within the limit`() {
        var connection = connection(40_000)
        for index in 0..<100 {
            connection.carry(index, key(UInt32(index)), direction: 1)
            connection.carry(index, key(UInt32(index)), direction: 1)
        }
        #expect(connection.streams.count == Connection.streamLimit)
        #expect(connection.streams.map(\.index) == Array(0..<Connection.streamLimit))
    }

    @Test func `a place that another stream has taken is noted for that one`() {
        var connection = connection(40_000)
        connection.carry(3, key(1), direction: 1)
        connection.carry(3, key(2), direction: 0)
        #expect(connection.streams.count == 1)
        #expect(connection.streams[0].key == key(2))
        #expect(connection.streams[0].direction == 0)
    }
}

@Suite struct ConnectionTableTests {
    private func connection(_ number: UInt16, at instant: Int64 = 0) -> Connection {
        let (first, second) = (end(10, 0, 0, 1, number), end(10, 0, 0, 2, 554))
        return Connection(
            key: ConnectionKey(first, second, VLANTags()), from: first, to: second,
            vlan: VLANTags(), at: instant)
    }

    @Test func `at the limit the one silent longest makes room and is counted`() {
        var table = ConnectionTable(limit: 3, seed: 1)
        for (number, instant) in [(UInt16(1), Int64(50)), (2, 10), (3, 30)] {
            let evicted = table.insert(connection(number, at: instant)).evicted
            #expect(evicted == nil)
        }
        let (place, evicted) = table.insert(connection(4, at: 60))
        #expect(evicted?.key == connection(2).key)
        #expect(table.evictions == 1)
        #expect(table.all.count == 3)
        #expect(table.place(of: connection(2).key) == nil)
        #expect(table.place(of: connection(4).key) == place)
        let next = table.insert(connection(5, at: 61)).evicted
        #expect(next?.key == connection(3).key)
    }

    @Test func `a limit of nothing still follows one`() {
        var table = ConnectionTable(limit: 0, seed: 1)
        let first = table.insert(connection(1)).evicted
        let second = table.insert(connection(2)).evicted
        #expect(first == nil)
        #expect(second?.key == connection(1).key)
        #expect(table.all.count == 1)
    }

    @Test func `an ignored connection takes no room and is known again`() {
        var table = ConnectionTable(limit: 3, seed: 1)
        let one = connection(1)
        let (place, _) = table.insert(one)
        #expect(!table.isIgnored(one.key))
        table.ignore(place, key: one.key)
        #expect(table.isIgnored(one.key))
        #expect(table.all.isEmpty)
        #expect(!table.isIgnored(connection(2).key))
        table.reconsider(one.key)
        #expect(!table.isIgnored(one.key))
        let reused = table.insert(connection(2)).place
        #expect(reused == place)
    }

    @Test func `however many connections are ignored the table does not grow`() {
        var table = ConnectionTable(limit: 4, seed: 1)
        for number in 0..<UInt16(60_000) {
            let (place, _) = table.insert(connection(number))
            #expect(place < 4)
            table.ignore(place, key: connection(number).key)
        }
        #expect(table.all.isEmpty)
        #expect(table.evictions == 0)
    }

    @Test func `what is ignored does not depend on the run`() {
        // Cells collide; which ones must be settled by the seed alone.
        func remembered(_ seed: UInt64) -> [UInt16] {
            var table = ConnectionTable(limit: 4, seed: seed)
            for number in 0..<UInt16(20_000) {
                table.ignore(table.insert(connection(number)).place, key: connection(number).key)
            }
            return (0..<20_000).filter { table.isIgnored(connection($0).key) }
        }
        #expect(remembered(1) == remembered(1))
        #expect(remembered(1) != remembered(2))
    }
}
