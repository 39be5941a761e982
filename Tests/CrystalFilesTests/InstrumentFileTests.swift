import CrystalFiles
import Crystallography
import Foundation
import Testing

/// Scans that do not move 2θ are no powder patterns, whatever the format; counting times are used.
///
/// Reaches `GSASPowderFile`, `StepBlockFile`, `UnofferedPatternFormat`.
@Suite struct InstrumentFileTests {
    private func parsed(_ text: String) throws -> PowderPattern {
        try PowderPatternFile.parse(Array(text.utf8), name: "p")
    }

    private func ras(_ axis: String, rows: String = "10.0 100 1.0\n10.1 110 1.0\n10.2 90 1.0\n") -> String {
        "*RAS_DATA_START\n*RAS_HEADER_START\n*MEAS_SCAN_AXIS_X \"\(axis)\"\n*RAS_HEADER_END\n*RAS_INT_START\n"
            + rows
            + "*RAS_INT_END\n*RAS_DATA_END\n"
    }

    @Test(arguments: ["Omega", "Theta", "Phi", "Chi", "ω", "Rocking", "Z", "ThetaS"])
    func aRASScanOfAnotherAxisIsRefused(axis: String) throws {
        let error = try #require(throws: CrystalFileError.self) { try parsed(ras(axis)) }
        #expect(error.description.contains("does not move 2θ"))
    }

    @Test(arguments: ["2-Theta/Theta", "TwoThetaTheta", "2-Theta", "TwoTheta", "2θ/θ", ""])
    func aRASScanOf2ThetaIsRead(axis: String) throws {
        #expect(try parsed(ras(axis)).intensity == [100, 110, 90])
    }

    @Test func anAttenuatorOfZeroIsRefused() {
        #expect(throws: CrystalFileError.self) { try parsed(ras("TwoTheta", rows: "10 5 1\n11 6 0\n")) }
    }

    @Test("A scan that was not completed says where its angles come from")
    func abortedScan() throws {
        let whole = xrdml(axis: "Gonio", "<intensities>100 400 1600</intensities>")
        #expect(try parsed(whole).remarks == [])
        for status in ["Aborted", "Not finished"] {
            let text = whole.replacing("<scan scanAxis", with: "<scan status=\"\(status)\" scanAxis")
            #expect(try parsed(text).remarks.contains { $0.contains("the scan was \(status.lowercased())") })
        }
    }

    private func xrdml(axis: String, _ body: String, end: Double = 11) -> String {
        "<?xml version=\"1.0\"?>\n<xrdMeasurements><xrdMeasurement><scan scanAxis=\"\(axis)\"><dataPoints>"
            + "<positions axis=\"2Theta\"><startPosition>10</startPosition><endPosition>\(end)</endPosition>"
            + "</positions>\(body)</dataPoints></scan></xrdMeasurement></xrdMeasurements>"
    }

    @Test func countingTimesScaleIntensitiesAndUncertainties() throws {
        let body =
            "<countingTimes unit=\"seconds\">10 10 40</countingTimes><intensities unit=\"counts\">100 400 1600</intensities>"
        let pattern = try parsed(xrdml(axis: "Gonio", body))
        #expect(pattern.intensity == [400, 1600, 1600])
        // 4·√100, 4·√400, √1600.
        #expect(pattern.sigma == [40, 80, 40])
        #expect(pattern.uncertaintySource == .counting)
        #expect(pattern.remarks.count == 1)
        let even = body.replacing("10 10 40", with: "10 10 10")
        #expect(try parsed(xrdml(axis: "Gonio", even)).sigma == nil)
        #expect(throws: CrystalFileError.self) {
            try parsed(xrdml(axis: "Gonio", body.replacing("10 10 40", with: "10 40")))
        }
    }

    @Test(arguments: ["Omega", "Phi", "Chi", "Z"]) func anXRDMLScanOfAnotherAxisIsRefused(axis: String) {
        #expect(throws: CrystalFileError.self) {
            try parsed(
                xrdml(axis: axis, "<intensities>100 400 1600</intensities>", end: axis == "Z" ? 10 : 11))
        }
    }

    private static let axes = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures/axes")

    @Test(arguments: ["omega", "phi"]) func aRASXScanOfAnotherAxisIsRefused(name: String) throws {
        let error = try #require(throws: CrystalFileError.self) {
            try PowderPatternFile.read(Self.axes.appendingPathComponent("\(name).rasx").path)
        }
        #expect(error.description.contains("does not move 2θ"))
    }

    @Test func aRASXScanOf2ThetaIsRead() throws {
        let pattern = try PowderPatternFile.read(Self.axes.appendingPathComponent("coupled.rasx").path)
        #expect(pattern.twoTheta == [10, 10.04] && pattern.intensity == [170.5, 170.7])
    }

    /// RAW 4 with one range of one record of four bytes a point.
    private func raw(_ scan: String) -> [UInt8] {
        func little(_ value: UInt64, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(value >> (8 * UInt64($0)) & 0xFF) }
        }
        var head = [UInt8](repeating: 0, count: 61)
        head.replaceSubrange(0..<7, with: Array("RAW4.00".utf8))
        var range = [UInt8](repeating: 0, count: 160)
        func put(_ bytes: [UInt8], at place: Int) {
            range.replaceSubrange(place..<(place + bytes.count), with: bytes)
        }
        put(little(160, 4), at: 0)
        put(Array(scan.utf8.prefix(24)), at: 32)
        put(little(10.0.bitPattern, 8), at: 72)
        put(little(0.5.bitPattern, 8), at: 80)
        put(little(3, 4), at: 88)
        put(little(4, 4), at: 136)
        let points = [5, 6, 7].flatMap { little(UInt64(Float($0).bitPattern), 4) }
        return head + range + points
    }

    @Test(arguments: ["Rocking Curve", "Omega", "Theta", "Phi", "Chi", "ROCKING", "Psi Scan"])
    func aRAWScanOfAnotherAxisIsRefused(scan: String) throws {
        let error = try #require(throws: CrystalFileError.self) {
            try PowderPatternFile.parse(raw(scan), name: "p.raw")
        }
        #expect(error.description.contains("does not move 2θ"))
    }

    @Test(arguments: ["Locked Coupled", "Coupled TwoTheta/Theta", "2Theta", "Detector Scan", ""])
    func aRAWScanOf2ThetaIsRead(scan: String) throws {
        #expect(try PowderPatternFile.parse(raw(scan), name: "p.raw").intensity == [5, 6, 7])
    }
}
