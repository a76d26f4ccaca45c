// SPDX-License-Identifier: Apache-2.0
import Measurements

/// Which columns a table has at a width, and how its lines are set.
struct StreamLayout: Equatable, Sendable {
    /// Columns of the terminal below which a camera's name says too little.
    ///
    /// Then another column gives way. Chosen: an address and the end of a path still fit.
    static let leastName = 18
    /// A name needs no more before further columns are worth the place.
    static let goodName = 40
    /// Where lines may be as long as they like, the place of the columns beside the name.
    static let freeWidth = 200

    let columns: [StreamColumn]
    let nameWidth: Int
    let ascii: Bool

    /// Chooses columns for `width` columns of a terminal, or for none in particular.
    init(width: Int?, longestName: Int, ascii: Bool) {
        self.ascii = ascii
        var chosen: [StreamColumn] = [
            .state, .camera, .codec, .size, .bitrate, .frameRate, .loss, .jitter, .clock,
            .transport,
        ]
        let room = width ?? StreamLayout.freeWidth
        func place(_ columns: [StreamColumn]) -> Int {
            room - columns.reduce(0) { $0 + ($1 == .camera ? 1 : $1.width + 1) } + 1
        }
        for column in [StreamColumn.transport, .jitter, .codec, .clock] {
            guard place(chosen) < StreamLayout.leastName else { break }
            chosen.removeAll { $0 == column }
        }
        let wanted = min(max(longestName, StreamLayout.leastName), StreamLayout.goodName)
        for column in [StreamColumn.gap, .lost, .dscp, .vlan, .ssrc, .destination] {
            guard place(chosen + [column]) >= wanted else { break }
            chosen.append(column)
        }
        columns = chosen
        let name = max(longestName, StreamColumn.camera.title.count)
        nameWidth = width == nil ? name : max(1, min(name, place(chosen)))
    }

    private func width(_ column: StreamColumn) -> Int {
        column == .camera ? nameWidth : column.width
    }

    /// The line of headings; `sorted` is marked.
    func heading(sorted: StreamColumn? = nil) -> StyledLine {
        var line = StyledLine()
        for column in columns {
            if !line.pieces.isEmpty { line.append(" ", .title) }
            // The mark's place stays free in the heading too.
            let reserve = column.criterion == nil ? "" : " "
            let title = column.title
            let ink: Ink = column == sorted ? .selected : .title
            let width = width(column)
            let fits = title.count + reserve.count <= width
            line.append(
                title + (fits ? reserve : ""), ink, width: width, rightwards: column.isRightward)
        }
        return line
    }

    /// One stream's line; what breaks annex 2 has `!` behind it, what is near it `~`.
    func row(_ figures: StreamFigures, _ verdict: StreamVerdict, dim: Bool = false) -> StyledLine {
        var line = StyledLine()
        for column in columns {
            if !line.pieces.isEmpty { line.append(" ") }
            let width = width(column)
            var text = PrintableText.shown(column.text(figures, verdict), ascii: ascii)
            var ink: Ink = dim ? .dim : .plain
            if column == .state { ink = verdict.state.ink }
            if let criterion = column.criterion {
                let (mark, markInk) = mark(verdict[criterion])
                ink = text == "-" ? .dim : markInk ?? ink
                text += mark
            }
            text =
                column == .camera
                ? StreamName.shortened(text, to: width, ascii: ascii)
                : PrintableText.shortened(text, to: width, ascii: ascii)
            line.append(text, ink, width: width, rightwards: column.isRightward)
        }
        return line
    }

    private func mark(_ finding: Finding?) -> (String, Ink?) {
        switch finding?.judgement {
        case .broken: ("!", .broken)
        case .near: ("~", .near)
        case .undecidable: (" ", .unknown)
        case .met, nil: (" ", nil)
        }
    }
}
