// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Registry

@Suite struct QuantityTests {
    static func duration(_ text: String) throws -> Int64 {
        try Quantity.number(parsing: text, units: Quantity.durationUnits, example: "10s")
    }

    @Test(arguments: [
        ("10s", 10_000_000_000), ("5m", 300_000_000_000), ("2h", 7_200_000_000_000),
        ("35d", 3_024_000_000_000_000), ("24h", 86_400_000_000_000), ("1.5h", 5_400_000_000_000),
        ("0s", 0), ("500ms", 500_000_000), ("1ns", 1), ("0.001us", 1), ("10 s", 10_000_000_000),
    ])
    func `durations are exact`(text: String, nanoseconds: Int64) throws {
        #expect(try Self.duration(text) == nanoseconds)
    }

    @Test(arguments: [
        ("10", RegistryProblem.Code.missingUnit), ("-5s", .outOfRange), ("12:30:45", .wrongType),
        ("1e3s", .wrongType), ("010s", .wrongType), ("1_000s", .wrongType), (".inf", .wrongType),
        ("~", .wrongType), ("", .wrongType), ("s", .wrongType), ("10 sec", .wrongType),
        ("10  s", .wrongType), ("1.s", .wrongType), (".5s", .wrongType), ("1.2.3s", .wrongType),
        ("0.5ns", .invalidValue), ("99999999999999999999s", .outOfRange),
        ("9999999999d", .outOfRange), ("10S", .wrongType), ("1.0000001s", .invalidValue),
    ])
    func `what is no duration says why`(text: String, code: RegistryProblem.Code) {
        let fault = #expect(throws: ValueFault.self) { try Self.duration(text) }
        #expect(fault?.code == code)
    }

    @Test(arguments: [
        ("5000 kbit/s", 5_000_000), ("1 Gbit/s", 1_000_000_000), ("2.5Mbit/s", 2_500_000),
        ("1bit/s", 1),
    ])
    func `bit rates are exact`(text: String, bits: Int64) throws {
        #expect(
            try Quantity.number(
                parsing: text, units: Quantity.bitRateUnits, example: "5000 kbit/s") == bits)
    }

    @Test func `sizes count in powers of two`() throws {
        #expect(
            try Quantity.number(parsing: "64MiB", units: Quantity.sizeUnits, example: "64MiB")
                == 67_108_864)
        #expect(throws: ValueFault.self) {
            try Quantity.number(parsing: "64MB", units: Quantity.sizeUnits, example: "64MiB")
        }
    }

    @Test(arguments: [
        (0, 3, "0"), (12_500, 3, "12.5"), (25_000, 3, "25"), (1, 4, "0.0001"), (-1500, 3, "-1.5"),
        (7, 0, "7"),
    ])
    func `decimals are written without needless zeros`(
        number: Int, decimals: Int, text: String
    ) throws {
        #expect(Quantity.decimalText(number, decimals: decimals) == text)
        if number >= 0 {
            #expect(try Quantity.decimal(parsing: text, decimals: decimals) == Int64(number))
        }
    }

    @Test func `quantities are written with the largest unit that keeps them whole`() {
        #expect(Quantity.durationText(86_400_000_000_000) == "1d")
        #expect(Quantity.durationText(180_000_000_000_000) == "50h")
        #expect(Quantity.durationText(1_500_000_000) == "1500ms")
        #expect(Quantity.durationText(0) == "0ns")
        #expect(Quantity.bitRateText(5_000_000) == "5 Mbit/s")
        #expect(Quantity.bitRateText(1234) == "1234 bit/s")
    }
}
