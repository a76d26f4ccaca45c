// SPDX-License-Identifier: Apache-2.0

/// The session description of one video stream (RFC 8866), as cameras write it.
public struct VideoDescription: Sendable {
    private let media: String

    /// Describes what `video` plays.
    public init(_ video: VideoLoop) {
        let type = video.format.codec.payloadType
        var lines = "a=rtpmap:\(type) \(video.format.codec.encodingName)/90000\r\n"
        let sets = video.parameterSets
        switch video.format.codec {
        case .h264:
            let profile = sets[0][1...3].map { hexadecimal($0) }.joined()
            let sprop = sets.map { base64($0) }.joined(separator: ",")
            lines += "a=fmtp:\(type) packetization-mode=1;profile-level-id=\(profile);"
            lines += "sprop-parameter-sets=\(sprop)\r\n"
        case .h265:
            lines += "a=fmtp:\(type) sprop-vps=\(base64(sets[0]));sprop-sps=\(base64(sets[1]));"
            lines += "sprop-pps=\(base64(sets[2]))\r\n"
        case .mjpeg:
            break
        case .mpeg4:
            let configuration = sets[0].map { hexadecimal($0) }.joined()
            lines += "a=fmtp:\(type) profile-level-id=245;config=\(configuration)\r\n"
        }
        let rate = video.format.frameRateMillihertz
        lines += "a=framerate:\(decimal(thousandths: rate))\r\n"
        media = lines
        payloadType = type
        kilobits = video.format.bitRate / 1000
    }

    private let payloadType: UInt8
    private let kilobits: Int

    /// The whole description; `group` is the multicast group, with its port and its TTL, if the
    /// stream goes to one.
    public func text(
        address: String, isIPv6: Bool = false, name: String = "camera",
        group: (address: String, port: UInt16, hopLimit: UInt8)? = nil
    ) -> String {
        let family = isIPv6 ? "IP6" : "IP4"
        var text = "v=0\r\no=- 1 1 IN \(family) \(address)\r\ns=\(name)\r\n"
        if let group {
            text += "c=IN \(family) \(group.address)" + (isIPv6 ? "" : "/\(group.hopLimit)")
        } else {
            text += "c=IN \(family) \(isIPv6 ? "::" : "0.0.0.0")"
        }
        text += "\r\nt=0 0\r\na=control:*\r\na=range:npt=now-\r\n"
        text += "m=video \(group?.port ?? 0) RTP/AVP \(payloadType)\r\nb=AS:\(kilobits)\r\n"
        return text + media + "a=control:track1\r\n"
    }
}

/// Two hexadecimal digits.
func hexadecimal(_ octet: UInt8) -> String {
    (octet < 16 ? "0" : "") + String(octet, radix: 16, uppercase: true)
}

/// A number of thousandths without needless zeros: 25, 12.5, 29.97.
func decimal(thousandths: Int) -> String {
    let (whole, rest) = thousandths.quotientAndRemainder(dividingBy: 1000)
    guard rest != 0 else { return "\(whole)" }
    var digits = String(rest + 1000).dropFirst()
    while digits.last == "0" { digits = digits.dropLast() }
    return "\(whole).\(digits)"
}

/// Base 64 (RFC 4648 section 4).
func base64(_ octets: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var text = ""
    var index = 0
    while index < octets.count {
        let rest = octets.count - index
        var group = UInt32(octets[index]) << 16
        if rest > 1 { group |= UInt32(octets[index + 1]) << 8 }
        if rest > 2 { group |= UInt32(octets[index + 2]) }
        text.append(alphabet[Int(group >> 18)])
        text.append(alphabet[Int(group >> 12 & 63)])
        text.append(rest > 1 ? alphabet[Int(group >> 6 & 63)] : "=")
        text.append(rest > 2 ? alphabet[Int(group & 63)] : "=")
        index += 3
    }
    return text
}
