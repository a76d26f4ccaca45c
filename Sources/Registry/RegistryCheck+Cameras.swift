// SPDX-License-Identifier: Apache-2.0

extension RegistryCheck {
    /// References of all cameras, and whether their channels carry their sites.
    mutating func checkCameras() {
        if drafts.cameras.isEmpty, !drafts.partial.contains(.camera),
            let file = drafts.sites.first?.place
        {
            warn(.incomplete, at: file, "cameras", "a registry without cameras")
        }
        // 300,000 cameras share some thousands of pairs of channel and site.
        var carried: Set<Pair> = []
        for draft in drafts.channels {
            for site in draft.value.sites {
                carried.insert(Pair(channel: draft.value.id, site: site))
            }
        }
        var last: Pair?
        for draft in drafts.cameras {
            let pair = Pair(channel: draft.value.channel, site: draft.value.site)
            // Most cameras follow one of the same site.
            let isPair = pair == last || (carried.contains(pair) && sites[pair.site] != nil)
            if isPair { last = pair }
            checkCamera(draft, isPair: isPair)
        }
    }

    private struct Pair: Hashable {
        let channel: ChannelID
        let site: SiteID
    }

    private mutating func checkCamera(_ draft: Drafted<Camera>, isPair: Bool) {
        let camera = draft.value
        // Made only where there is something to say: most cameras have nothing wrong.
        func path(_ field: String) -> String { "cameras.\(camera.id).\(field)" }
        if !isPair {
            let isSite = isKnown(
                camera.site, in: \.sites, kind: .site, field: path("site"),
                at: draft.place(of: "site"))
            let isChannel = isKnown(
                camera.channel, in: \.channels, kind: .channel, field: path("channel"),
                at: draft.place(of: "channel"))
            if isSite, isChannel {
                problems.append(
                    RegistryProblem(
                        .error, .wrongReference, at: draft.place(of: "channel"),
                        field: path("channel"),
                        what: "this channel does not carry the camera's site `\(camera.site)`",
                        got: camera.channel.text, expected: "a channel that lists the site"))
            }
        }
        for (index, property) in camera.declared.enumerated()
        where parties[property.declaredBy] == nil {
            _ = isKnown(
                property.declaredBy, in: \.parties, kind: .party,
                field: path("declared[\(index + 1)]"), at: draft.place(of: "declared"))
        }
        if let word = LookAlike.mixedWord(in: camera.name) {
            problems.append(
                RegistryProblem(
                    .warning, .lookAlike, at: draft.place(of: "name"), field: path("name"),
                    what: "a word of Latin and Cyrillic letters", got: word,
                    expected: "one alphabet in a word"))
        }
        if camera.stream == nil, camera.address?.host.address == nil,
            !drafts.partial.contains(.camera)
        {
            warn(
                .incomplete, at: draft.place, path("stream"),
                "no stream can be told to be this camera's",
                expected: "a stream, or the address that it comes from")
        }
    }

    /// No stream may belong to two cameras, and no management address either.
    mutating func checkClaims() {
        var claims: [StreamClaim: Int32] = [:]
        claims.reserveCapacity(drafts.cameras.count)
        var addresses: [HostPort: Int32] = [:]
        for (index, draft) in drafts.cameras.enumerated() {
            let camera = draft.value
            if let claim = StreamClaim(camera) {
                // One look in the table: it is put in, and back if it was there.
                if let first = claims.updateValue(Int32(index), forKey: claim) {
                    claims[claim] = first
                    let field = camera.stream == nil ? "address" : "stream"
                    conflict(draft, with: Int(first), field, camera.stream?.description)
                }
            }
            guard let address = camera.address, address.port != nil else { continue }
            if let first = addresses.updateValue(Int32(index), forKey: address) {
                addresses[address] = first
                checkShared(address, draft, first: drafts.cameras[Int(first)])
            }
        }
    }

    private mutating func conflict(
        _ draft: Drafted<Camera>, with index: Int, _ field: String, _ claim: String?
    ) {
        let first = drafts.cameras[index]
        guard first.value.id != draft.value.id else { return }
        let place = first.place(of: first.value.stream == nil ? "address" : "stream")
        problems.append(
            RegistryProblem(
                .error, .ambiguousStream, at: draft.place(of: field),
                field: "cameras.\(draft.value.id).\(field)",
                what: "the same stream as camera `\(first.value.id)` (first at \(place))",
                got: claim ?? draft.value.address?.description,
                expected: "a stream of its own for each camera"))
    }

    /// One address and port for two cameras: right for an encoder of several pictures, whose
    /// streams have names of their own; else one of the two is a slip.
    private mutating func checkShared(
        _ address: HostPort, _ draft: Drafted<Camera>, first: Drafted<Camera>
    ) {
        guard first.value.id != draft.value.id else { return }
        let isEncoder =
            draft.value.stream != nil && first.value.stream != nil
            && draft.value.stream != first.value.stream
        problems.append(
            RegistryProblem(
                isEncoder ? .warning : .error, .duplicate, at: draft.place(of: "address"),
                field: "cameras.\(draft.value.id).address",
                what: "the address and port of camera `\(first.value.id)` too (first at "
                    + "\(first.place(of: "address")))",
                got: address.description,
                expected: isEncoder
                    ? "this only where one device serves both" : "an address for each camera"))
    }
}
