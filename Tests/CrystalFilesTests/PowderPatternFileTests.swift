import CrystalFiles
import Crystallography
import Foundation
import Testing

@Suite struct PowderPatternFileTests {
    private func parsed(_ text: String) throws -> PowderPattern {
        try PowderPatternFile.parse(Array(text.utf8), name: "p.dat")
    }

    struct Expected: Sendable, CustomTestStringConvertible {
        var file: String
        var count: Int
        var first: (Double, Double)
        var last: (Double, Double)
        var firstSigma: Double?
        var wavelength: Double?
        var testDescription: String { file }
    }

    /// Read off the files by eye.
    static let real: [Expected] = [
        Expected(file: "pbso4-x.dat", count: 6001, first: (10, 179), last: (160, 368)),
        Expected(file: "pbso4-n.dat", count: 2920, first: (10, 220), last: (155.95, 326)),
        Expected(file: "cime.dat", count: 7699, first: (8.01, 2707), last: (84.99, 939)),
        Expected(
            file: "PBSO4.XRA", count: 6001, first: (10, 179), last: (160, 368),
            firstSigma: 179.0.squareRoot()),
        Expected(file: "FAP.XRA", count: 5751, first: (15, 609), last: (130, 84)),
        Expected(
            file: "11BM_NAC.fxye", count: 59497, first: (0.5, 239.933), last: (59.9883, 155.021),
            firstSigma: 16.08, wavelength: 0.413909),
        Expected(
            file: "Quinoli.gda", count: 7361, first: (7.5, 345.2), last: (36.94, 196.7), firstSigma: 18.3),
        Expected(file: "x3lactos.xye", count: 4776, first: (3, 297), last: (26.875, 403), firstSigma: 13.2),
        Expected(file: "qarr/corundum.prn", count: 7251, first: (5, 182), last: (150, 380)),
        Expected(
            file: "nist_srm660c_100a.cif", count: 5332, first: (20.3, 19), last: (150.908, 6.93),
            firstSigma: (1 / 0.103).squareRoot()),
        Expected(
            file: "solved/gw5052Mg2Si_100K_LTsup2.rtv.combined.cif", count: 6801, first: (7, 1710),
            last: (75, 372), wavelength: 0.49935),
        Expected(
            file: "readers/bruker_absorber.brml", count: 2001, first: (44, 3), last: (48, 2),
            firstSigma: 3.0.squareRoot(), wavelength: 1.5406),
        Expected(
            file: "readers/bruker_raw4_scrambled.raw", count: 7134, first: (10, 283.7691955566406),
            last: (85.0413, -105.77827453613281), wavelength: 1.5405999422073364),
        Expected(
            file: "readers/panalytical_powder.xrdml", count: 5027, first: (4.0066, 1305),
            last: (69.9994, 171), wavelength: 1.540598),
        Expected(
            file: "readers/rigaku_nims.ras", count: 3501, first: (25, 13), last: (60, 2),
            wavelength: 1.540593),
        Expected(
            file: "readers/rigaku_powder.rasx", count: 2726, first: (10, 170.55354309082),
            last: (119, 13.8521060943604),
            wavelength: 1.540593),
    ]

    @Test(.enabled(if: SharedData.isThere, "needs ../shared"), arguments: real)
    func realFilesGiveTheirFirstAndLastPoint(expected: Expected) throws {
        let pattern = try PowderPatternFile.read(SharedData.path("patterns/" + expected.file))
        #expect(pattern.twoTheta.count == expected.count)
        #expect(pattern.intensity.count == expected.count)
        #expect(abs((pattern.twoTheta.first ?? .nan) - expected.first.0) < 1e-3)
        #expect(abs((pattern.twoTheta.last ?? .nan) - expected.last.0) < 1e-3)
        #expect(pattern.intensity.first == expected.first.1)
        #expect(pattern.intensity.last == expected.last.1)
        if let sigma = expected.firstSigma { #expect(abs((pattern.sigma?.first ?? .nan) - sigma) < 1e-3) }
        #expect(pattern.radiation?.lines.first?.wavelength == expected.wavelength)
    }

    @Test(.enabled(if: SharedData.isThere, "needs ../shared"))
    func solvedStructuresGiveProfileAndStructureFromOneFile() throws {
        let files = SharedData.files(in: "patterns/solved") { $0.hasSuffix(".cif") }
        #expect(files.count == 8)
        for file in files {
            let pattern = try PowderPatternFile.read(file)
            #expect(pattern.twoTheta.count > 500, "\(file)")
            #expect(try !CrystalFile.readFirst(file).structure.sites.isEmpty, "\(file)")
        }
    }

    @Test func commentsTitlesCommasAndTabsAreUnderstood() throws {
        let text = "# measured\nsample A\n10.0,5\n10.1;6\n10.2\t7\n"
        let pattern = try parsed(text)
        #expect(pattern.twoTheta == [10, 10.1, 10.2])
        #expect(pattern.intensity == [5, 6, 7])
        #expect(pattern.sigma == nil)
    }

    @Test func aThreeColumnFileIsNotAStepBlock() throws {
        let pattern = try parsed("5.00 1.2 30\n5.02 1.3 31\n5.04 1.1 29\n")
        #expect(pattern.twoTheta == [5, 5.02, 5.04])
        #expect(pattern.sigma == [30, 31, 29])
    }

    @Test func aStepBlockMayEndInZerosOnly() throws {
        #expect(try parsed("10 0.5 12\n1 2 3 4 5\n").twoTheta == [10, 10.5, 11, 11.5, 12])
        #expect(try parsed("10 0.5 12\n1 2 3 4\n5 0 0 0\n").intensity == [1, 2, 3, 4, 5])
        #expect(throws: CrystalFileError.self) { try parsed("10 0.5 12\n1 2 3 4\n") }
        #expect(throws: CrystalFileError.self) { try parsed("10 0.5 12\n1 2 3 4 5 6\n") }
    }

    @Test(
        "Points beyond those that a BANK line announces are counted",
        arguments: [
            ("STD\n     1       2       3\n", 1), ("STD\n     1       2\n     3       4\n", 2),
            ("ESD\n     1 1     2 1     3 1\n", 1), ("FXYE\n1000 5 1\n1002 6 1\n1004 7 1\n", 1),
            ("STD\n     1       2       0       0\n", 0), ("FXYE\n1000 5 1\n1002 6 1\n", 0),
        ])
    func surplusOfABank(body: String, leftOut: Int) throws {
        let text = "t\nBANK 1 2 1 CONST 1000 2 0 0 " + body
        let pattern = try PowderPatternFile.parse(Array(text.utf8), name: "p.gsas")
        #expect(pattern.twoTheta == [10, 10.02])
        let sentence = "\(leftOut) points beyond those of the BANK line are left out"
        #expect(pattern.remarks == (leftOut > 0 ? [sentence] : []))
    }

    @Test(arguments: [
        ("1\n2\n3\n", "one column"), ("3 1\n1 1\n2 1\n", "do not ascend"), ("hello\n", "no powder pattern"),
        ("1 5\n2 nan\n", "not an intensity"), ("1 5\n", "two points"), ("1 0\n2 0\n", "no intensity"),
        ("1 5\nx 4\n", "not a number"), ("100 5\n200 4\n", "180"), ("data_x\n_cell_length_a 3\n", "profile"),
        ("t\nBANK 1 20 2 CONST 1000 2 0 0 STD\n     1       2\n", "20 points"),
        ("t\nBANK 1 2 2 CONST 1000 2 0 0 FXYE\n10 5 1\n10.02 6 1\n", "hundredths of a degree"),
        ("t\nBANK 1 20 2 RALF 1000 2 0 0 STD\n     1       2\n", "RALF"), ("\u{0}\u{1}\u{2}", "binary"),
    ])
    func faultsAreNamedInOneLine(text: String, reason: String) throws {
        let error = try #require(throws: CrystalFileError.self) { try parsed(text) }
        #expect(error.description.contains(reason), "\(error)")
        #expect(!error.description.contains("\n"))
        #expect(error.description.hasPrefix("p.dat"))
    }

    @Test func whatIsWrittenIsReadAgain() throws {
        let pattern = PowderPattern(
            title: "a sample", twoTheta: [10, 10.02, 10.04], intensity: [1.5, 0, 2e-7], sigma: [1, 2, 0.125])
        #expect(try parsed(PowderPatternFile.serialise(pattern)) == pattern)
        var plain = pattern
        plain.sigma = nil
        #expect(try parsed(PowderPatternFile.serialise(plain)) == plain)
    }

    private func xrdml(_ body: String) throws -> PowderPattern {
        try parsed(
            "<?xml version=\"1.0\"?>\n<xrdMeasurements><xrdMeasurement><scan><dataPoints>"
                + "<positions axis=\"2Theta\"><startPosition>10</startPosition><endPosition>11</endPosition>"
                + "</positions>\(body)</dataPoints></scan></xrdMeasurement></xrdMeasurements>")
    }

    @Test func theAttenuatorOfXRDMLIsAppliedOnceOnly() throws {
        let factors = "<beamAttenuationFactors>1 10 1</beamAttenuationFactors>"
        let corrected = try xrdml(factors + "<intensities unit=\"counts\">4 900 9</intensities>")
        let raw = try xrdml(factors + "<counts unit=\"counts\">4 90 9</counts>")
        #expect(corrected.intensity == [4, 900, 9])
        #expect(raw.intensity == corrected.intensity)
        #expect(raw.twoTheta == [10, 10.5, 11])
        // 10·√90 counts.
        #expect(raw.sigma.map { ($0[1] * $0[1]).rounded() } == 9000)
    }

    @Test(
        .enabled(if: SharedData.isThere, "needs ../shared"),
        arguments: [
            "readers/bruker_absorber.brml", "readers/rigaku_powder.rasx", "readers/bruker_raw4_scrambled.raw",
            "readers/panalytical_powder.xrdml", "FAP.XRA", "11BM_NAC.fxye", "pbso4-x.dat",
        ])
    func aTruncatedFileIsRefused(file: String) throws {
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: SharedData.path("patterns/" + file))))
        for part in [0.1, 0.5, 0.9] {
            let count = Int(Double(bytes.count) * part)
            #expect(throws: CrystalFileError.self) {
                try PowderPatternFile.parse(Array(bytes.prefix(count)), name: file)
            }
        }
    }
}
