import CrystalFiles
import Crystallography
import Foundation
import Testing

/// Columns of numbers as programs write them: what is understood is right, the rest is refused with the true reason.
///
/// Reaches `ColumnTable`, `ColumnHeading`.
@Suite struct ColumnFileTests {
    private func parsed(_ text: String) throws -> PowderPattern {
        try PowderPatternFile.parse(Array(text.utf8), name: "p.xy")
    }

    private func reason(_ text: String) throws -> String {
        try #require(throws: CrystalFileError.self) { try parsed(text) }.description
    }

    /// 2θ 10, 10.02 … 10.98 and intensities 100 … 149, with marks put in.
    private func rows(
        _ separator: String = " ", mark: String = ".", angle: (Double) -> Double = { $0 }, end: String = ""
    ) -> String {
        (0..<50).map { i in
            let x = String(format: "%.6f", angle(10 + 0.02 * Double(i))).replacing(".", with: mark)
            return "\(x)\(separator)\(100 + i)\(end)"
        }.joined(separator: "\n") + "\n"
    }

    private func isPlain(_ pattern: PowderPattern) -> Bool {
        pattern.twoTheta.count == 50 && abs(pattern.twoTheta[0] - 10) < 1e-5
            && abs(pattern.twoTheta[49] - 10.98) < 1e-5
            && pattern.intensity == (0..<50).map { 100 + Double($0) }
    }

    @Test(arguments: ["\t", " ", ";", " ; ", "\t;"])
    func decimalCommasAreUnderstoodBesideOtherSeparators(separator: String) throws {
        #expect(isPlain(try parsed(rows(separator, mark: ","))))
    }

    @Test func decimalCommasOfIntensitiesAndSigmaAreUnderstood() throws {
        let pattern = try parsed("10,00;105,5;1,5\n10,02;106,25;1,25\n10,04;104,75;1\n")
        #expect(pattern.intensity == [105.5, 106.25, 104.75])
        #expect(pattern.sigma == [1.5, 1.25, 1])
    }

    @Test func aDecimalCommaBesideABlankIsNoThirdColumn() throws {
        let pattern = try parsed("10,5 100\n11,5 110\n12,5 120\n")
        #expect(pattern.twoTheta == [10.5, 11.5, 12.5])
        #expect(pattern.intensity == [100, 110, 120])
        #expect(pattern.sigma == nil)
    }

    @Test(arguments: [
        "10;1,000\n11;2,500\n12;900\n", "10.0;900\n10.1;1,000\n10.2;950\n",
        "\"10.0\",\"1,000\"\n\"10.1\",\"900\"\n",
        "10.0\t1,234,567\n10.1\t12\n", "10,00,105,5\n10,02,106,5\n", "10,0 1.000\n10,1 900\n",
    ])
    func aCommaOfTwoMeaningsIsRefused(text: String) throws {
        let reason = try reason(text)
        #expect(reason.contains("comma") || reason.contains("columns"), "\(reason)")
    }

    @Test(arguments: ["10 5\n11 6 7\n12 8\n", "10 5 1\n11 6 2\n12 8\n", "10 5\n11 6\n12\n"])
    func rowsOfUnequalColumnsAreRefused(text: String) throws {
        let reason = try reason(text)
        #expect(reason.contains("column"), "\(reason)")
    }

    @Test func quotesAreNoComments() throws {
        let text = rows("\",\"").split(separator: "\n").map { "\"\($0)\"" }.joined(separator: "\n")
        #expect(isPlain(try parsed(text)))
    }

    @Test func theNumberBeforeDASHColumnsIsTheWavelength() throws {
        let pattern = try parsed("1.1294\n" + rows())
        #expect(isPlain(pattern))
        #expect(pattern.radiation == Radiation(wavelength: 1.1294))
        #expect(pattern.remarks.contains { $0.contains("wavelength") })
    }

    @Test func theNumberOfPointsBeforeTheColumnsIsNoPoint() throws {
        #expect(isPlain(try parsed("file.tif\n2-Theta Angle (Degrees)\nIntensity\n   50\n" + rows())))
        #expect(isPlain(try parsed("50\n" + rows())))
        #expect(try reason("51\n" + rows()).contains("neither their number"))
        #expect(try reason("300\n" + rows()).contains("neither their number"))
    }

    @Test func startStepAndEndBeforeTwoColumnsAreNoPoint() throws {
        #expect(isPlain(try parsed("10 0.02 10.98\n" + rows())))
        #expect(try reason("1.5406 0.5\n" + rows()).contains("as a header would"))
    }

    @Test func anIndexIsNoAngle() throws {
        let text = (0..<30).map { "\($0) \(10 + 0.02 * Double($0)) 100" }.joined(separator: "\n")
        #expect(try reason(text).contains("numbers the points"))
    }

    @Test(
        "a comment that begins with a path names no column",
        arguments: [
            "# d/phase.cif, calculated", "# D/structures/zincite.cif, calculated", "# r/a/b",
        ])
    func paths(comment: String) throws {
        #expect(isPlain(try parsed(comment + "\n" + rows())))
    }

    @Test(
        "a spacing or a scattering vector with its unit behind a stroke is one",
        arguments: ["d/Å", "d/A", "d/nm"])
    func strokes(title: String) throws {
        #expect(try reason("# \(title) counts\n" + rows()).contains("the first column is"))
    }

    /// Headings and the unit of Q, Å⁻¹.
    private static let scatteringVectors: [(head: String, unit: Double)] = [
        ("# Q (1/A) I", 1), ("# q_nm^-1 I", 0.1), ("file.tif\nQ (1/nm)\nIntensity\n50", 0.1), ("Q[A-1],I", 1),
        ("# q_A^-1  I  sigma", 1),
    ]

    @Test(arguments: scatteringVectors)
    func scatteringVectorsAreConvertedOrRefused(head: String, unit: Double) throws {
        let factor = 4 * Double.pi / 1.5406 / unit
        let table = rows { factor * sin($0 * .pi / 360) }
        #expect(try reason(head + "\n" + table).contains("is Q"))
        let stated = "# Wavelength: 1.5406e-10m\n" + head + "\n" + table
        let pattern = try parsed(stated)
        #expect(isPlain(pattern), "\(pattern.twoTheta)")
        #expect(pattern.radiation == Radiation(wavelength: 1.5406))
    }

    @Test func spacingsAreConvertedOrRefused() throws {
        let table = rows { 1.5406 / 2 / sin($0 * .pi / 360) }
        #expect(try reason("# d-spacing (A)  intensity\n" + table).contains("is d"))
        #expect(isPlain(try parsed("# lambda = 0.15406 nm\n# d (A)  intensity\n" + table)))
    }

    @Test(arguments: ["# 2theta (rad) I", "2θ [rad]\tI", "twotheta_rad I"])
    func radiansAreConverted(head: String) throws {
        #expect(isPlain(try parsed(head + "\n" + rows { $0 * .pi / 180 })))
    }

    @Test(arguments: [
        ("# TOF (us) I e", "time of flight"), ("# Energy (keV) counts", "energy"),
        ("channel counts", "channel"),
        ("# r(A) G(r)", "distance"), ("Omega (deg),I", "ω"), ("# theta (deg) I", "θ"),
        ("# Q  I", "without a unit"), ("# sinTheta/lambda I", "sinθ/λ"),
    ])
    func otherAxesAreRefused(head: String, word: String) throws {
        let reason = try reason(head + "\n" + rows())
        #expect(reason.contains(word), "\(reason)")
    }

    @Test(arguments: [
        ("#L r G", "distance"), ("#L Q S(Q)", "Q without a unit"), ("# s (1/A) I", "reciprocal space"),
        ("# 2theta (mrad) I", "milliradians"), ("X-axis: Q (1/A)", "is Q"), ("# time counts", "time"),
        ("# pixel counts", "pixel"), ("# position mm I", "position"), ("# chi I", "χ"),
        ("# temperature heatflow", "temperature"), ("#S 1 ascan th\n#L Theta  Epoch  Detector", "θ"),
        ("# wavenumber (cm-1) I", "wavenumber"), ("# momentum transfer I", "Q"),
        ("# I 2theta", "2θ the column 2"), ("# Intensity Angle", "2θ the column 2"),
    ])
    func otherQuantitiesAreRefusedWhereTheColumnsAreNamed(head: String, word: String) throws {
        let reason = try reason(head + "\n" + rows())
        #expect(reason.contains(word), "\(reason)")
    }

    @Test(arguments: ["# x y", "# gamma I", "# h (pixels) I", "# motor counts", "# 1/d I"])
    func aNameThatSaysNothingIsSaid(head: String) throws {
        let pattern = try parsed(head + "\n" + rows())
        #expect(pattern.remarks.contains { $0.contains("it is taken as 2θ in degrees") })
        #expect(pattern.twoTheta[0] == 10)
    }

    @Test(arguments: [
        "# Bragg angle I", "# 2Theta [deg] I", "# Theta/2-Theta Counts", "# tth counts", "# 2 theta I",
        "# Position sensitive detector, Cu K alpha", "# Temperature 300 K", "# K-alpha radiation",
        "# S. Author, 1999", "Time per step 2 s",
    ])
    func namesOfTwoThetaAndTitlesSayNothing(head: String) throws {
        #expect(isPlain(try parsed(head + "\n" + rows())))
    }

    @Test func theSecondColumnHoldsIntensities() throws {
        let peaks = (0..<40).map { 100 + 12 * (37 * $0 % 61) }
        func table(_ row: (Int) -> String) -> String {
            (0..<40).map { row($0) }.joined(separator: "\n") + "\n"
        }
        // Time, angle, counts; angle, d, counts.
        let times = table { "\(10 + 0.5 * Double($0)) \(10 + 0.02 * Double($0)) \(peaks[$0])" }
        #expect(try reason(times).contains("runs in one direction"))
        let spacings = table { "\(10 + Double($0)) \(8.8 / (1 + 0.1 * Double($0))) \(peaks[$0])" }
        #expect(try reason(spacings).contains("runs in one direction"))
        #expect(
            try reason("# 2Theta Epoch Counts\n" + table { "\(10 + $0) \(peaks[$0]) \($0 % 3)" })
                .contains("the intensities are the column 3"))
        // A calculated pattern is no σ.
        let fit = try parsed(table { "\(10 + $0) \(peaks[$0]) \(Double(peaks[$0]) + 3)" })
        #expect(fit.sigma == nil)
        #expect(fit.remarks.contains { $0.contains("as another column of intensities is") })
        let sound = try parsed(table { "\(10 + $0) \(peaks[$0]) \(Double(peaks[$0]).squareRoot())" })
        #expect(sound.sigma != nil && sound.remarks == [])
    }

    @Test func anglesThatMayBeRadiansAndIntensitiesBelowZeroAreSaid() throws {
        let small = try parsed(rows { $0 * .pi / 180 })
        #expect(small.remarks.contains { $0.contains("in degrees, not in radians") })
        let waves = (0..<40).map { "\(10 + $0) \($0 % 2 == 0 ? 5 : -5)" }.joined(separator: "\n")
        #expect(try parsed(waves).remarks.contains { $0.contains("20 of 40 intensities are below zero") })
    }

    @Test(arguments: [
        "# 2theta I", "Quartz sample, d spacings known", "Radiation: Cu", "# measured by Tof Smith",
        "Sample 12 at 300 K",
        "'Id: \"x\" Anode: \"Cu\" Scantype: \"Coupled TwoTheta/Theta\"", "; comment",
        "[Scan points]\nAngle,Intensity",
        "# Rietveld of q-phase", "2theta (deg),Intensity (cps)", "* rad 21", "dolomite",
        "Energy dispersive detector off",
    ])
    func titlesAreNoAxes(head: String) throws {
        guard !head.hasPrefix("Energy") else {
            // A line that begins with the name of another axis is believed.
            #expect(try reason(head + "\n" + rows()).contains("energy"))
            return
        }
        #expect(isPlain(try parsed(head + "\n" + rows())))
    }

    @Test func aStatedWavelengthIsKeptAndCopperIsLeftToItsDoublet() throws {
        #expect(
            try parsed("# wavelength = 0.413909 A\n" + rows()).radiation == Radiation(wavelength: 0.413909))
        #expect(
            try parsed("# neutrons, wavelength 1.909\n" + rows()).radiation
                == Radiation(.neutron, wavelength: 1.909))
        #expect(try parsed("# wavelength 1.5406\n" + rows()).radiation == nil)
    }

    @Test func descendingScansAreTurned() throws {
        let lines = rows().split(separator: "\n").reversed().joined(separator: "\n")
        #expect(isPlain(try parsed(lines)))
        #expect(try reason("10 5\n12 6\n11 7\n").contains("do not ascend"))
        #expect(try reason("10 5\n10 6\n11 7\n").contains("do not ascend"))
    }

    @Test func theThirdOfFourColumnsIsNoSigmaUnlessItIsCalledSo() throws {
        #expect(try parsed(rows(end: " 99 1")).sigma == nil)
        let named = try parsed("# 2theta Yobs Ycalc sigma\n" + rows(end: " 99 2"))
        #expect(named.sigma == [Double](repeating: 2, count: 50))
        let calculated = try parsed("# 2theta Yobs Ycalc\n" + rows(end: " 99"))
        #expect(calculated.sigma == nil)
    }

    @Test func zerosInATitleAreNoBinaryFile() throws {
        #expect(isPlain(try parsed("LaMnO3 \u{0} 50 K\n" + rows())))
        #expect(isPlain(try parsed(rows() + "\u{0}\u{0}")))
        #expect(throws: CrystalFileError.self) { try parsed("title\n10\u{0} 5\n11 6\n") }
        let utf16 = rows().utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(isPlain(try PowderPatternFile.parse([0xFF, 0xFE] + utf16, name: "p.xy")))
    }

    @Test(arguments: [
        ("SIETRONICS XRD SCAN\n10\n14\n0.02\nCu\n1.54\nSCANDATA\n100\n100\n", "CPI"),
        ("SampleIdent,x,/\nDataAngleRange, 10.0, 14.0,/\nRawScan\n100, 100,\n100/\n", "UDF"),
        ("*TYPE = Raw\n*START = 10\n*STOP = 14\n*STEP = 0.02\n100, 100, 100, 100\n", ".asc"),
        ("_FILEVERSION=2\n_STEPSIZE=0.02\n_START=10\n_COUNTS\n100 100 100 100\n100 101 102 103\n", "UXD"),
        ("x 10/01/01 DIF\n 10.00 0.020 1.0 CU 1.540598 14.00 201\n 100 100 100 100 100 100 100 100\n", "MDI"),
    ])
    func formatsNotOfferedAreNamed(text: String, name: String) throws {
        let reason = try reason(text)
        #expect(reason.contains(name) || reason.contains("announced"), "\(reason)")
    }

    @Test func pairsOfDetectorAndCountAreNamed() throws {
        let line = String(repeating: " 1   100", count: 10) + "\n"
        let reason = try reason("0 run\nheader\n header\n" + String(repeating: line, count: 6))
        #expect(reason.contains("detector and count"), "\(reason)")
    }

    @Test func uncertaintiesOfZeroTakeTheWeightOfTheirPointsOnly() throws {
        let text = (0..<50).map { "\(10 + 0.02 * Double($0)) \(1000 + 7 * $0) \($0 % 10 == 0 ? 0 : 20)" }
            .joined(separator: "\n")
        let pattern = try parsed(text)
        #expect(pattern.sigma?.count { $0 == 0 } == 5)
        #expect(pattern.remarks.contains { $0.contains("no weight") })
        // √0 of a point without counts weighs as one count does.
        let counted = try parsed("10 4 2\n11 0 0\n12 9 3\n")
        #expect(counted.sigma == [2, 1, 3])
    }

    @Test func aThirdColumnThatFallsAsTheIntensitiesRiseHoldsWeights() throws {
        let text = (1...100).map { "\(10 + 0.02 * Double($0)) \($0 * $0) \(1 / Double($0 * $0))" }
            .joined(separator: "\n")
        let pattern = try parsed(text)
        #expect(pattern.uncertaintySource == .deviationsThatAreWeights)
        #expect(abs((pattern.sigma?[49] ?? 0) - 50) < 1e-9)
    }
}
