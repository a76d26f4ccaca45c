// SPDX-License-Identifier: Apache-2.0
public import Measurements

extension Evidence: Phrase {
    /// How a stretch of the account is known.
    public var wording: Wording {
        switch self {
        case .observed: Wording(kk: "бақыланған", ru: "наблюдалось", en: "observed")
        case .sampled: Wording(kk: "іріктеп өлшенген", ru: "измерено выборочно", en: "sampled")
        case .inferred:
            Wording(
                kk: "кейінгі деректерден шығарылған", ru: "выведено из последующих данных",
                en: "inferred")
        }
    }
}

extension Transport: Phrase {
    /// How video is carried.
    public var wording: Wording {
        switch self {
        case .rtpUDP: Wording(kk: "UDP арқылы RTP", ru: "RTP по UDP", en: "RTP over UDP")
        case .rtpRTSPTCP:
            Wording(
                kk: "RTSP қосылымындағы RTP", ru: "RTP внутри соединения RTSP",
                en: "RTP inside an RTSP connection")
        case .rtpRTSPHTTP:
            Wording(
                kk: "HTTP арқылы RTSP қосылымындағы RTP", ru: "RTP внутри RTSP через HTTP",
                en: "RTP inside RTSP through HTTP")
        case .tsUDP:
            Wording(
                kk: "UDP арқылы MPEG көлік ағыны", ru: "транспортный поток MPEG по UDP",
                en: "MPEG transport stream over UDP")
        case .tsRTP:
            Wording(
                kk: "RTP арқылы MPEG көлік ағыны", ru: "транспортный поток MPEG по RTP",
                en: "MPEG transport stream over RTP")
        case .tsRTSPTCP:
            Wording(
                kk: "RTSP қосылымындағы MPEG көлік ағыны",
                ru: "транспортный поток MPEG внутри соединения RTSP",
                en: "MPEG transport stream inside an RTSP connection")
        case .httpMultipart:
            Wording(
                kk: "HTTP жауабындағы кадрлар", ru: "кадры в ответе HTTP",
                en: "frames in an HTTP answer")
        case .rtspsTCP:
            Wording(
                kk: "шифрланған RTSP қосылымы", ru: "шифрованное соединение RTSP",
                en: "encrypted RTSP connection")
        }
    }
}
