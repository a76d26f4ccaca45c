// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Registry

@Suite struct RegistryDifferenceTests {
    @Test func `two equal registries do not differ`() throws {
        let difference = RegistryDifference(
            from: try SampleRegistry.make(), to: try SampleRegistry.make())
        #expect(difference.isEmpty)
        #expect(!difference.needsConfirmation)
    }

    @Test func `what is new, gone and changed is told field by field`() throws {
        let old = try SampleRegistry.make()
        let new = try SampleRegistry.make(cameras: [
            try SampleRegistry.camera("m-1", stream: "10.0.0.77"),
            try SampleRegistry.camera("n-1", stream: "rtsp://10.0.0.1/a", name: "Gate"),
            try SampleRegistry.camera("s-1", site: "south", stream: "239.1.1.1:5006"),
            try SampleRegistry.camera("s-2", site: "south", channel: "spur", stream: "10.0.1.2"),
        ])
        let changes = RegistryDifference(from: old, to: new).changes
        #expect(changes.map(\.id) == ["m-1", "n-1", "n-2", "s-1"])
        #expect(
            changes.map(\.event) == [
                .added, .changed([.init(field: "name", old: "Camera n-1", new: "Gate")]), .removed,
                .changed([.init(field: "stream", old: "239.1.1.1:5004", new: "239.1.1.1:5006")]),
            ])
    }

    @Test(arguments: [(10, 9, false), (10, 8, true), (20, 18, false), (20, 17, true), (1, 0, true)])
    func `a removal of more than a tenth of the cameras needs a word`(
        old: Int, new: Int, needs: Bool
    ) throws {
        let cameras = try (0..<old).map {
            try SampleRegistry.camera("c-\($0)", stream: "10.0.0.\($0 + 1)")
        }
        let difference = RegistryDifference(
            from: try SampleRegistry.make(cameras: cameras),
            to: try SampleRegistry.make(cameras: Array(cameras.prefix(new))))
        #expect(difference.removedCameraCount == old - new)
        #expect(difference.needsConfirmation == needs)
    }

    @Test func `agreements, parties, sites and channels differ too`() throws {
        let agreement = try SampleRegistry.agreement(
            "a", scope: .all, from: 0, ThresholdOverrides(maximumLoss: 12_500))
        let changed = try SampleRegistry.agreement(
            "a", scope: .all, from: 0, until: 60_000_000_000,
            ThresholdOverrides(maximumLoss: 10_000))
        let difference = RegistryDifference(
            from: try SampleRegistry.make(agreements: [agreement]),
            to: try SampleRegistry.make(agreements: [changed]))
        #expect(
            difference.changes == [
                .init(
                    kind: .agreement, id: "a",
                    event: .changed([
                        .init(field: "valid_until", old: "", new: "1970-01-01T00:01:00Z"),
                        .init(field: "thresholds.loss", old: "1.25 %", new: "1 %"),
                    ]))
            ])
        let grown = RegistryDifference(from: .empty, to: try SampleRegistry.make())
        #expect(grown.changes.count == 5 + 2 + 2 + 4)
        #expect(!grown.needsConfirmation)
    }
}
