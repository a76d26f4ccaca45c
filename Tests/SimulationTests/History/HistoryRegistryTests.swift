// SPDX-License-Identifier: Apache-2.0
import Registry
import Testing

@testable import Simulation

@Suite struct HistoryRegistryTests {
    @Test func `the registry of a simulated system holds together`() throws {
        let names = HistoryRegistry(HistoryLayout(cameras: 1000))
        let (registry, problems) = Registry.make(names.drafts)
        #expect(!problems.hasErrors)
        #expect(registry?.cameras.count == 1000)
        #expect(registry?.sites.count == 125)
        #expect(registry?.channels.count == 42)
    }
}
