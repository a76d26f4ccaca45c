// SPDX-License-Identifier: Apache-2.0
import Foundation
import Registry
import Testing

@testable import Reports

@Suite struct StatementJSONTests {
    @Test func `the JSON of a made-up system is as agreed`() {
        expectGolden(
            DocumentSink.text { MadeUpSystem.statement().writeJSON(to: $0) }, "coordinator.json")
    }

    @Test func `JSON, CSV and the statement have the same numbers`() throws {
        let statement = MadeUpSystem.statement()
        let text = DocumentSink.text { statement.writeJSON(to: $0) }
        let json = try #require(
            JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let cameras = try #require(json["cameras"] as? [[String: Any]])
        let records = StatementTableTests.records(.cameras, statement)
        #expect(cameras.count == statement.cameras.count && records.count == cameras.count)
        for ((camera, record), line) in zip(zip(cameras, records), statement.cameras) {
            let time = try #require(camera["time"] as? [String: Any])
            for (key, column) in [
                ("up", "up_s"), ("degraded", "degraded_s"), ("downFailure", "down_failure_s"),
                ("downMaintenance", "down_maintenance_s"), ("unknown", "unknown_s"),
                ("excluded", "excluded_s"), ("period", "period_s"),
            ] {
                let number = try #require((time[key] as? NSNumber)?.int64Value)
                #expect(record[column] == ExactText.seconds(Int128(number)))
            }
            let quality = try #require(camera["quality"] as? [String: Any])
            #expect((quality["lostPackets"] as? NSNumber)?.uint64Value == line.quality.lost)
            #expect(record["packets_lost"] == String(line.quality.lost))
            let intervals = try #require(camera["intervals"] as? [[String: Any]])
            #expect(intervals.count == line.intervals.count)
        }
    }
}
