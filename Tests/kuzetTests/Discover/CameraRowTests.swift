// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import kuzet

@Suite struct CameraRowTests {
    @Test func `a line has a field for each column of the header`() {
        let row = CameraRow(
            id: "cam-1", name: "Gate", site: "site-1", channel: "line-1", address: "10.0.0.1:8080",
            stream: "rtsp://10.0.0.1/a")
        #expect(
            row.csv
                == "cam-1,Gate,site-1,line-1,outdoor-overview,10.0.0.1:8080,rtsp://10.0.0.1/a,,\n")
        #expect(row.csv.split(separator: ",", omittingEmptySubsequences: false).count == 9)
        #expect(CameraColumns().header.split(separator: ",").count == 9)
    }

    @Test(arguments: [
        ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("#1", "\"#1\""), ("a#1", "a#1"),
        ("Қақпа", "Қақпа"), ("a\r\nb", "\"a\r\nb\""), ("", ""),
    ])
    func `what separates fields and lines stands between quotes`(name: String, field: String) {
        let row = CameraRow(id: "i", name: name, site: "s", channel: "c")
        #expect(row.csv == "i,\(field),s,c,outdoor-overview,,,,\n")
    }
}

@Suite struct CameraColumnsTests {
    @Test func `a line has the columns of its file, in that order, between its separators`() {
        let columns = CameraColumns(names: ["stream", "id", "declared", "name"], separator: ";")
        let row = CameraRow(
            id: "cam-1", name: "a;b,c", site: "s", channel: "c", stream: "10.0.0.1")
        #expect(columns.header == "stream;id;declared;name\n")
        #expect(row.line(columns) == "10.0.0.1;cam-1;;\"a;b,c\"\n")
        #expect(columns.field("a,b") == "a,b")
        #expect(CameraColumns().field("a,b") == "\"a,b\"")
    }
}

@Suite struct CameraIDsTests {
    @Test func `cameras of one host are numbered, and ids that are taken are passed over`() {
        var ids = CameraIDs(taken: ["cam-10-0-0-1", "cam-10-0-0-1-3"])
        #expect(ids.next(for: "10.0.0.1") == "cam-10-0-0-1-2")
        #expect(ids.next(for: "10.0.0.1") == "cam-10-0-0-1-4")
        #expect(ids.next(for: "10.0.0.2") == "cam-10-0-0-2")
        // A host whose name ends as a number of another's does.
        #expect(ids.next(for: "10.0.0.2-2") == "cam-10-0-0-2-2")
        #expect(ids.next(for: "10.0.0.2") == "cam-10-0-0-2-3")
    }
}
