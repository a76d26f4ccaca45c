// SPDX-License-Identifier: Apache-2.0
import Octets
import Timekeeping

extension TransportStreamMeter {
    /// Takes one packet of 188 octets.
    mutating func take(_ bytes: Span<UInt8>, at arrival: Instant, frame: (Frame) -> Void) {
        packets &+= 1
        let header: TransportHeader
        do throws(ParseFault) {
            header = try TransportHeader(bytes)
        } catch {
            malformedPackets &+= 1
            faults.append(error)
            return
        }
        guard !header.hasTransportError else {
            markedDamaged &+= 1
            return
        }
        if header.isScrambled, header.hasPayload { scrambledPackets &+= 1 }
        var packet: TransportPacket?
        do throws(ParseFault) {
            packet = try TransportPacket(bytes)
        } catch {
            faults.append(error)
        }
        let untracked = continuity.untrackedPackets
        let verdict = continuity.receive(
            header, isDiscontinuity: packet?.adaptation?.isDiscontinuity ?? false,
            fingerprint: Self.fingerprint(bytes))
        if continuity.untrackedPackets > untracked {
            let limit = ContinuityChecker.pidLimit
            faults.append(
                ParseFault(
                    .overLimit, .transportStream, "PIDs", offset: 1, needed: limit,
                    had: limit + 1))
        }
        guard let packet else {
            malformedPackets &+= 1
            return
        }
        // A packet sent twice holds nothing new, and its PCR may be that of its first sending.
        guard verdict != .duplicate else { return }
        if case .jump = verdict { forgetUnits(of: header.pid) }
        if let adaptation = packet.adaptation { takeClock(header.pid, adaptation, at: arrival) }
        guard let payload = packet.payload, header.pid != .null else { return }
        if header.isScrambled {
            if header.pid == videoPID { isVideoScrambled = true }
        } else if tables.reads(header.pid) {
            takeTables(bytes.extracting(payload), header)
        } else {
            takeElementary(
                bytes.extracting(payload), packet: packet, at: arrival, frame: frame)
        }
    }

    /// Eight octets from the packet's middle and eight from its end: enough to tell one payload
    /// from another without reading all of it.
    ///
    /// The clock in front may differ when repeated.
    private static func fingerprint(_ bytes: Span<UInt8>) -> UInt64 {
        bytes.uint64(at: 100) &* 0x9e37_79b9_7f4a_7c15 ^ bytes.uint64(at: 180)
    }

    private mutating func forgetUnits(of pid: PacketIdentifier) {
        if pid == videoPID { head.interrupt() }
        tables.drop(pid)
    }

    private mutating func takeClock(
        _ pid: PacketIdentifier, _ adaptation: AdaptationField, at arrival: Instant
    ) {
        guard let pcr = adaptation.pcr else { return }
        if clockPID == nil { clockPID = pid }
        guard clockPID == pid else { return }
        let verdict = clock.receive(pcr, at: arrival, isDiscontinuity: adaptation.isDiscontinuity)
        if case .jump(let ticks) = verdict {
            faults.append(
                ParseFault(
                    .invalid, .transportStream, "program_clock_reference step", offset: 6,
                    needed: Int(ProgramClock.regularStep), had: Int(ticks)))
        }
    }

    private mutating func takeTables(_ payload: Span<UInt8>, _ header: TransportHeader) {
        let found = tables.receive(
            payload, pid: header.pid, startsUnit: header.startsPayloadUnit)
        rejectedSections = tables.rejectedSections
        ignoredTableEntries = tables.ignoredEntries
        faults += tables.faults
        for map in found { follow(map) }
    }

    /// Lets a programme map say which PID the video is, and which the clock.
    private mutating func follow(_ map: ProgramMapTable) {
        let video = map.streams.first { $0.type.kind == .video }
        if let stream = map.streams.first(where: { $0.pid == videoPID }) {
            // Private data that begins like video, such as JPEG, is video unless the programme
            // has another.
            if stream.type.kind == .video || stream.type.kind == .other && video == nil {
                confirm(stream, of: map)
                return
            }
            abandonVideo()
        }
        guard let video else { return }
        if videoPID == nil || videoProgram == map.header.idExtension {
            if videoPID != nil { head.seek() }
            videoPID = video.pid
            confirm(video, of: map)
        }
        // Otherwise the video is another programme's, or a guess that its map may yet confirm.
    }

    private mutating func confirm(
        _ stream: ProgramMapTable.ElementaryStream, of map: ProgramMapTable
    ) {
        if videoCodec != stream.type.codec, videoCodec != nil { head.seek() }
        videoCodec = stream.type.codec
        videoProgram = map.header.idExtension
        guard let named = map.clockPID, named != clockPID else { return }
        if clockPID != nil { clock = ProgramClock() }
        clockPID = named
    }

    private mutating func abandonVideo() {
        videoPID = nil
        videoCodec = nil
        videoProgram = nil
        (frames, randomAccessFrames) = (0, 0)
        (firstFrameArrival, lastFrameArrival) = (nil, nil)
        times.removeAll(keepingCapacity: true)
        head.seek()
    }

    private mutating func takeElementary(
        _ payload: Span<UInt8>, packet: TransportPacket, at arrival: Instant,
        frame: (Frame) -> Void
    ) {
        let pid = packet.header.pid
        if videoPID == nil, packet.header.startsPayloadUnit, pid.isAssignable,
            let guess = try? PESHeader(payload), guess.isVideo, !tables.namesAsOther(pid)
        {
            videoPID = pid
        }
        guard pid == videoPID else { return }
        guard packet.header.startsPayloadUnit else {
            head.append(payload)
            return
        }
        head.finish()
        let header: PESHeader
        do throws(ParseFault) {
            header = try PESHeader(payload)
        } catch {
            malformedPES &+= 1
            faults.append(error)
            return
        }
        guard !header.isScrambled else {
            isVideoScrambled = true
            return
        }
        let isRandomAccess = packet.adaptation?.isRandomAccess ?? false
        head.begin(payload.extracting(header.payloadOffset..<payload.count))
        guard isNewFrame(header) else { return }
        frames &+= 1
        if isRandomAccess { randomAccessFrames &+= 1 }
        if firstFrameArrival == nil { firstFrameArrival = arrival }
        lastFrameArrival = arrival
        frame(
            Frame(
                arrival: arrival, presentationTime: header.presentationTime,
                decodingTime: header.decodingTime, isRandomAccess: isRandomAccess))
    }

    private mutating func isNewFrame(_ header: PESHeader) -> Bool {
        guard let time = header.presentationTime else { return header.isAligned }
        guard !times.contains(time) else { return false }
        if times.count >= Self.rememberedTimes { times.removeFirst() }
        times.append(time)
        return true
    }
}
