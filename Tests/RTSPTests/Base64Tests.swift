// SPDX-License-Identifier: Apache-2.0

import RTSP
import Testing

@Suite struct Base64Tests {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy"),
    ])
    func `the examples of RFC 4648 section 10 come out`(_ plain: String, _ text: String) {
        #expect(Base64.encode(plain.utf8) == text)
        #expect(Base64.decode(text.utf8, limit: 6) == plain.octets)
        #expect(Base64.decode(text.replacing("=", with: "").utf8, limit: 6) == plain.octets)
    }

    @Test func `what is no base64 is refused`() {
        for text in ["Z", "Zg===", "Z!==", "Zm9v Zm9v", "=", "Zm9vY"] {
            #expect(Base64.decode(text.utf8, limit: 100) == nil, "\(text)")
        }
        #expect(Base64.decode("Zm9vYmFy".utf8, limit: 5) == nil)
    }

    @Test func `hexadecimal digits are read and written`() {
        #expect(Hexadecimal.decode("00fFA5".utf8, limit: 3) == [0, 0xFF, 0xA5])
        #expect(Hexadecimal.encode([0, 0xFF, 0xA5]) == "00ffa5")
        for text in ["0", "0g", "00112233"] {
            #expect(Hexadecimal.decode(text.utf8, limit: 3) == nil)
        }
    }
}
