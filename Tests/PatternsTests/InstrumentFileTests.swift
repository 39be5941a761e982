import CrystalFiles
import Crystallography
import Diffraction
import Foundation
import Patterns
import Testing

/// Reaches `GSASInstrumentFile`, `GSASIIInstrumentFile`, `FullProfResolutionFile`.
@Suite("Instruments of other programs and our own") struct InstrumentFileTests {
    private func read(_ text: String, name: String = "x.instprm") throws -> InstrumentFile {
        let folder = FileManager.default.temporaryDirectory.appending(path: "wyckoff-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: name)
        try text.write(to: file, atomically: true, encoding: .utf8)
        return try InstrumentFile.read(file.path)
    }

    private static let variance = 8 * log(2.0) * 1e-4

    private func widths(_ file: InstrumentFile, equal expected: [Double]) {
        for (a, b) in zip(file.instrument.widths.values, expected) {
            #expect(abs(a - b) < 1e-12, "\(a) \(b)")
        }
    }

    @Test("GSAS-II: variances in centidegrees² become full widths in degrees², both Soller heights are equal")
    func instprm() throws {
        let file = try read(
            """
            #GSAS-II instrument parameter file; do not add/delete or change order of items!
            Type:PXC
            Lam1:1.5405
            Lam2:1.5443
            I(L2)/I(L1):0.5
            Zero:0.02
            Polariz.:0.7
            U:2.0
            V:-2.0
            W:5.0
            X:1.0
            Y:3.0
            Z:0.0
            SH/L:0.02
            Azimuth:0.0
            """)
        widths(file, equal: [2 * Self.variance, -2 * Self.variance, 5 * Self.variance, 0, 0.01, 0.03])
        let instrument = file.instrument
        #expect(instrument.radiation.lines.map(\.wavelength) == [1.5405, 1.5443])
        #expect(instrument.radiation.lines.map(\.weight) == [1, 0.5])
        #expect(instrument.zero == 0.02 && abs(instrument.polarization - 0.3 / 0.7) < 1e-12)
        #expect(instrument.axial?.sample == 0.01 && instrument.axial?.slit == 0.01)
        #expect(file.remarks.isEmpty && file.namesRadiation)
    }

    @Test("GSAS: the record of ICONS in its columns, profile function 3")
    func prm() throws {
        let file = try read(
            """
                        123456789012345678901234567890123456789012345678901234567890
            INS   BANK      1
            INS   HTYPE   PXCR
            INS  1 IRAD     3
            INS  1 ICONS  1.540500  1.544300       1.0         0       0.7    0       0.5
            INS  1PRCF1     3    8      0.01
            INS  1PRCF11   2.000000E+00  -2.000000E+00   5.000000E+00   0.100000E+00
            INS  1PRCF12   1.000000E+00   3.000000E+00   0.100000E-01   0.200000E-01
            """, name: "x.prm")
        widths(
            file,
            equal: [
                2 * Self.variance, -2 * Self.variance, 5 * Self.variance, 0.1 * Self.variance, 0.01, 0.03,
            ])
        let instrument = file.instrument
        #expect(instrument.radiation.lines.map(\.wavelength) == [1.5405, 1.5443])
        #expect(abs(instrument.zero - 0.01) < 1e-15 && abs(instrument.polarization - 0.3 / 0.7) < 1e-12)
        #expect(instrument.axial?.sample == 0.01 && instrument.axial?.slit == 0.02)
    }

    @Test("FullProf: squares of full widths in degrees, X the strain's and Y the size's")
    func irf() throws {
        let file = try read(
            """
            Resolution of a laboratory diffractometer, LaB6
            ! U V W X Y Z
            WAVE 1.540560 1.544390 0.5000
            ASYM 0.02 0.03
            0.004 -0.003 0.005 0.01 0.02 0.0
            0.004 -0.003 0.005 0.01 0.02 0.0
            """, name: "x.irf")
        widths(file, equal: [0.004, -0.003, 0.005, 0, 0.02, 0.01])
        #expect(file.instrument.axial?.sample == 0.02 && file.instrument.axial?.slit == 0.03)
        #expect(file.instrument.radiation.lines.count == 2 && file.namesRadiation)
        #expect(throws: CrystalFileError.self) { try read("title\nD2TOF 1 2 3\n", name: "x.irf") }
    }

    @Test("our own file gives back what was written")
    func own() throws {
        var instrument = Instrument(
            radiation: try Wavelength.radiation(named: "CuKa-emission"), polarization: 0.8, zero: 0.0123,
            widths: PeakWidths(u: 0.001, v: -0.002, w: 0.003, p: 0.0001, x: 0.02, y: 0.01, eta: 0.3),
            axial: AxialDivergence(sample: 0.02, slit: 0.01, incident: 2.5))
        instrument.equatorialDivergence = 1
        let written = InstrumentJSON(instrument, uncertainties: ["U": 0.0001])
        let text = String(decoding: try JSONEncoder().encode(written), as: UTF8.self)
        let file = try read(text, name: "lab.json")
        #expect(file.instrument == instrument)
        #expect(file.uncertainties == ["U": 0.0001])
    }

    @Test(
        "what is wrong is one line with a remedy",
        arguments: [
            ("hello\n", "no instrument"), ("{}", "no format"), ("Type:PNT\nLam:1.5\n", "constant wavelength"),
            ("Type:PXC\nLam:abc\n", "'abc' is no number"), ("Type:PXC\nZero:0\n", "no wavelength"),
            ("INS   HTYPE   PXCR\nINS  1 ICONS  x.540500  1.544300\n", "columns 13 to 22"),
            ("{\"format\":\"other\"}", "no"),
        ])
    func refused(text: String, word: String) throws {
        let error = #expect(throws: CrystalFileError.self) { try read(text) }
        let line = "\(error?.problem ?? "") \(error?.remedy ?? "")"
        #expect(line.contains(word), "\(line)")
    }

    @Test("certified standards: each in its group, with the formula's number of atoms")
    func standards() throws {
        let counts: [CalibrationStandard: Int] = [.lab6: 7, .silicon: 8, .ceria: 12]
        for standard in CalibrationStandard.allCases {
            let crystal = try standard.crystal()
            #expect(crystal.structure.expanded().sites.count == counts[standard])
            let lengths = crystal.structure.latticeParameters.values
            #expect(lengths.count == 1 && abs(lengths[0] - standard.length) < 1e-12)
        }
        #expect(CalibrationStandard(name: "lab6") == .lab6 && CalibrationStandard(name: "gold") == nil)
    }
}
