import CrystalFiles
import Crystallography
import Foundation
import Testing

/// Profiles in powder CIFs as their writers fill the dictionary's items, not only as it defines them.
///
/// Reaches `PowderCIFRadiation`.
@Suite struct PowderCIFTests {
    private func parsed(_ text: String) throws -> PowderPattern {
        try PowderPatternFile.parse(Array(text.utf8), name: "p.cif")
    }

    /// Counts that grow by squares, 2θ from 10° in steps of 0.1°, and further columns.
    private func loop(
        _ tags: [String] = [], counts: String = "_pd_meas_counts_total",
        _ row: (Double) -> String = { _ in "" }
    )
        -> String
    {
        "loop_\n_pd_proc_2theta_corrected\n\(counts)\n" + tags.joined(separator: "\n") + "\n"
            + (1...60).map { "\(10 + 0.1 * Double($0)) \($0 * $0) \(row(Double($0 * $0)))" }.joined(
                separator: "\n") + "\n"
    }

    @Test(arguments: [
        ("_diffrn_radiation_wavelength 1.5406\n_pd_proc_wavelength 0.7", "two wavelengths"),
        ("_diffrn_radiation_wavelength 1.5406\n_diffrn_radiation_type MoK\\a", "not the wavelength of MoK"),
        ("_diffrn_radiation_wavelength 0.15406", "not in nm"),
        ("_diffrn_radiation_type 'CuK\\a~1~'", "give --wavelength"),
        ("_pd_calib_2theta_offset 0.5", "is not applied"),
        ("_pd_proc_info_excluded_regions 'from 10 to 11'", "are not left out: from 10 to 11"),
        ("_pd_meas_2theta_range_min 40\n_pd_meas_2theta_range_max 60", "the list of angles is taken"),
    ])
    func whatStandsBesideTheProfileIsSaid(items: String, sentence: String) throws {
        let remarks = try parsed("data_x\n\(items)\n" + loop()).remarks
        #expect(remarks.count == 1 && remarks[0].contains(sentence), "\(remarks)")
    }

    @Test(arguments: [
        "_diffrn_radiation_type CuK\\a", "_diffrn_radiation_type 'CuK\\a~1,2~'",
        "_diffrn_radiation_wavelength 1.5418\n_diffrn_radiation_type CuK\\a",
        "_diffrn_radiation_wavelength 0.4\n_diffrn_radiation_type synchrotron",
        "_pd_proc_info_excluded_regions none", "_pd_calib_2theta_offset 0",
    ])
    func whatAgreesIsNotSaid(items: String) throws {
        #expect(try parsed("data_x\n\(items)\n" + loop()).remarks == [])
    }

    @Test func pointsWithoutAnIntensityAreCounted() throws {
        let text = "data_x\n" + loop().replacing("10.1 1 \n", with: "10.1 . \n")
        let pattern = try parsed(text)
        #expect(pattern.twoTheta.count == 59)
        #expect(pattern.remarks == ["1 points without an intensity are left out"])
    }

    @Test(arguments: ["gamma", "positron"]) func otherProbesAreRefused(probe: String) {
        #expect(throws: CrystalFileError.self) {
            try parsed("data_x\n_diffrn_radiation_probe \(probe)\n" + loop())
        }
    }

    @Test func weightsAreOneOverSigmaSquared() throws {
        let pattern = try parsed("data_x\n" + loop(["_pd_proc_ls_weight"]) { "\(1 / $0)" })
        #expect(pattern.uncertaintySource == .weights)
        #expect(abs((pattern.sigma?[9] ?? 0) - 10) < 1e-9)
    }

    @Test func weightsThatRiseWithTheCountsAreSigma() throws {
        let pattern = try parsed("data_x\n" + loop(["_pd_proc_ls_weight"]) { "\($0.squareRoot())" })
        #expect(pattern.uncertaintySource == .weightsThatAreDeviations)
        #expect(abs((pattern.sigma?[9] ?? 0) - 10) < 1e-9)
        #expect(pattern.weighting.sentence.contains("taken as σ"))
        let squares = try parsed("data_x\n" + loop(["_pd_proc_ls_weight"]) { "\($0)" })
        #expect(squares.uncertaintySource == .weightsThatAreVariances)
        #expect(abs((squares.sigma?[9] ?? 0) - 10) < 1e-9)
    }

    @Test(arguments: ["0", ".", "?"]) func pointsWithoutWeightAreLeftOutAndTheOthersKept(mark: String) throws
    {
        let pattern = try parsed("data_x\n" + loop(["_pd_proc_ls_weight"]) { $0 > 900 ? mark : "\(1 / $0)" })
        #expect(pattern.sigma?.count { $0 == 0 } == 30)
        #expect(pattern.sigma?[9] != 0)
        #expect(pattern.remarks.contains { $0.contains("30 points") })
    }

    @Test(arguments: ["0", "1", "1.0"]) func weightsThatSayNothingAreNotUsed(text: String) throws {
        let pattern = try parsed("data_x\n" + loop(["_pd_proc_ls_weight"]) { _ in text })
        #expect(pattern.sigma == nil)
        #expect(pattern.remarks.count == 1)
    }

    @Test func weightsBelongToTheProcessedIntensities() throws {
        // Processed = counts / 10, σ = √counts / 10.
        let pattern = try parsed(
            "data_x\n"
                + loop(["_pd_proc_intensity_total", "_pd_proc_ls_weight"]) { "\($0 / 10) \(100 / $0)" })
        #expect(pattern.intensity[9] == 100)
        #expect(abs((pattern.sigma?[9] ?? 0) - 10) < 1e-9)
    }

    @Test func processedIntensitiesAloneAreRead() throws {
        let pattern = try parsed("data_x\n" + loop(counts: "_pd_proc_intensity_total"))
        #expect(pattern.intensity.count == 60)
        #expect(pattern.sigma == nil)
    }

    @Test func theWavelengthMayStandInTheLoop() throws {
        #expect(
            try parsed("data_x\n" + loop(["_pd_proc_wavelength"]) { _ in "0.7" }).radiation
                == Radiation(wavelength: 0.7))
        #expect(
            try parsed("data_x\n_pd_proc_wavelength 1.24\n" + loop()).radiation == Radiation(wavelength: 1.24)
        )
        let error = try #require(throws: CrystalFileError.self) {
            try parsed("data_x\n" + loop(["_pd_proc_wavelength"]) { "\(0.7 + $0 / 1e4)" })
        }
        #expect(error.description.contains("differs from point to point"))
    }

    @Test(arguments: [
        "_diffrn_radiation_type neutron", "_diffrn_radiation_type 'Constant Wavelength Neutron Diffraction'",
        "_diffrn_radiation_probe neutron", "_diffrn_source 'nuclear reactor'",
        "_diffrn_source 'spallation source'",
    ])
    func neutronsAreNeutrons(item: String) throws {
        let stated = try parsed("data_x\n\(item)\n_diffrn_radiation_wavelength 1.909\n" + loop())
        #expect(stated.radiation == Radiation(.neutron, wavelength: 1.909))
        let silent = try parsed("data_x\n\(item)\n" + loop())
        #expect(silent.radiation == nil)
        #expect(silent.probe == .neutron)
    }

    @Test(arguments: ["1.5406e-10", "0", "154.06", "-1.54", "Cu"])
    func aWavelengthWithoutPhysicsIsRefused(text: String) {
        #expect(throws: CrystalFileError.self) {
            try parsed("data_x\n_diffrn_radiation_wavelength \(text)\n" + loop())
        }
    }

    @Test func electronsAreRefused() {
        #expect(throws: CrystalFileError.self) {
            try parsed("data_x\n_diffrn_radiation_probe electron\n" + loop())
        }
    }

    @Test func whichOfSeveralProfilesIsTakenIsSaid() throws {
        let pattern = try parsed("data_a\n" + loop() + "data_b\n" + loop())
        let said =
            "2 profiles in the file: that of data_a is taken, not that of data_b; FILE#NAME takes the block NAME"
        #expect(pattern.remarks == [said])
    }

    @Test(
        "of two profiles in one block the one that is not taken is named, by its tag or because the tag repeats"
    )
    func twoLoopsInABlock() throws {
        let rows = (0..<30).map { "\(10 + $0) \(100 + $0)" }.joined(separator: "\n")
        func loop(_ angle: String, _ intensity: String, _ rows: String) -> String {
            "loop_\n\(angle)\n\(intensity)\n\(rows)\n"
        }
        let first = loop("_pd_meas_2theta_scan", "_pd_meas_counts_total", rows)
        #expect(try parsed("data_a\n" + first).remarks == [])
        let processed = try parsed(
            "data_a\n" + first
                + loop("_pd_proc_2theta_corrected", "_pd_proc_intensity_total", rows + "\n50 1"))
        #expect(
            processed.remarks.contains(
                "the profile of _pd_meas_counts_total, 30 points, is taken, not that of _pd_proc_intensity_total, 31 points"
            ),
            "\(processed.remarks)")
        let twice = try parsed(
            "data_a\n" + first + loop("_pd_meas_2theta_scan", "_pd_meas_counts_total", "1 2\n3 4"))
        #expect(twice.twoTheta.count == 30)
        #expect(twice.remarks.contains { $0.contains("stands more than once in data_a") }, "\(twice.remarks)")
    }

    @Test func aProfileIsChosenByTheNameOfItsBlock() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("two.cif").path
        let text = "data_a\n_pd_phase_name first\n" + loop() + "data_B\n_pd_phase_name second\n" + loop()
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        #expect(try PowderPatternFile.read(file).title == "first")
        for name in ["b", "B"] {
            let chosen = try PowderPatternFile.read("\(file)#\(name)")
            #expect(chosen.title == "second" && chosen.remarks.isEmpty)
        }
        let error = try #require(throws: CrystalFileError.self) { try PowderPatternFile.read("\(file)#c") }
        #expect(error.description.contains("there are a, B"))
        // A file whose own name has the sign is itself.
        try text.write(toFile: "\(file)#b", atomically: true, encoding: .utf8)
        #expect(try PowderPatternFile.read("\(file)#b").title == "first")
    }

    @Test func wavelengthsOfOtherBlocksAreTakenWhereTheyAgree() throws {
        let one = "data_a\n_diffrn_radiation_wavelength 0.5\ndata_b\n"
        #expect(try parsed(one + loop()).radiation == Radiation(wavelength: 0.5))
        let two = one + loop() + "data_c\n_diffrn_radiation_wavelength 0.7\n"
        #expect(try parsed(two).radiation == nil)
        #expect(try parsed(two).remarks.contains { $0.contains("give --wavelength") })
    }

    @Test(arguments: ["_pd_meas_time_of_flight", "_pd_proc_d_spacing"])
    func profilesWithoutAnglesAreNamed(tag: String) throws {
        let text = "data_x\n" + loop().replacing("_pd_proc_2theta_corrected", with: tag)
        let error = try #require(throws: CrystalFileError.self) { try parsed(text) }
        #expect(error.description.contains("without angles"))
        #expect(error.description.contains(tag.contains("time") ? "times of flight" : "d spacings"))
    }
}
