import Foundation
import Testing
import Wyckoff

/// What a journal's check and a database ask of a powder CIF. Reaches `RefinedPowderCIF`, `RefinedPhaseCIF`, `DepositionItems`.
@Suite("a powder CIF to deposit", .enabled(if: CommandRun.binary != nil, "build wyckoff first"))
struct DepositionCommandTests {
    /// By what a refinement knows: checkCIF's tests of powder structures and the IUCr's list for Rietveld refinements.
    private static let known = [
        "_pd_block_id", "_audit_creation_method", "_audit_creation_date", "_computing_structure_refinement",
        "_computing_cell_refinement", "_chemical_formula_sum", "_chemical_formula_weight",
        "_space_group_crystal_system", "_space_group_name_H-M_alt", "_space_group_name_Hall",
        "_space_group_IT_number", "_cell_length_a", "_cell_length_b", "_cell_length_c", "_cell_angle_alpha",
        "_cell_angle_beta", "_cell_angle_gamma", "_cell_volume", "_cell_formula_units_Z",
        "_exptl_crystal_density_diffrn", "_exptl_crystal_density_method", "_exptl_crystal_F_000",
        "_exptl_absorpt_coefficient_mu", "_exptl_absorpt_correction_type", "_diffrn_radiation_probe",
        "_diffrn_radiation_type", "_diffrn_radiation_wavelength", "_pd_instr_geometry",
        "_pd_meas_scan_method", "_pd_meas_number_of_points", "_pd_meas_2theta_range_min",
        "_pd_meas_2theta_range_max", "_pd_meas_2theta_range_inc", "_pd_proc_2theta_range_min",
        "_pd_proc_2theta_range_max", "_pd_proc_2theta_range_inc", "_pd_proc_number_of_points",
        "_pd_proc_info_excluded_regions", "_pd_proc_ls_background_function",
        "_pd_proc_ls_profile_function", "_pd_proc_ls_pref_orient_corr", "_pd_proc_ls_prof_R_factor",
        "_pd_proc_ls_prof_wR_factor", "_pd_proc_ls_prof_wR_expected", "_pd_calc_method",
        "_refine_ls_R_I_factor", "_refine_ls_goodness_of_fit_all", "_refine_ls_number_parameters",
        "_refine_ls_number_restraints", "_refine_ls_number_reflns", "_refine_ls_matrix_type",
        "_refine_ls_weighting_scheme", "_refine_ls_hydrogen_treatment", "_refine_ls_shift/su_max",
        "_atom_type_scat_source", "_atom_type_scat_dispersion_real", "_atom_site_fract_x",
        "_atom_site_B_iso_or_equiv", "_geom_bond_distance", "_geom_angle", "_refln_F_squared_calc",
        "_pd_calc_intensity_total", "_pd_proc_ls_weight",
    ]
    /// By what only the author knows.
    private static let open = [
        "_publ_author_name", "_publ_contact_author_name", "_publ_contact_author_email",
        "_publ_section_title", "_journal_name_full", "_chemical_name_systematic",
        "_chemical_formula_moiety", "_cell_measurement_temperature", "_diffrn_ambient_temperature",
        "_diffrn_source", "_diffrn_measurement_device_type", "_diffrn_radiation_monochromator",
        "_pd_spec_mounting", "_pd_spec_mount_mode", "_pd_spec_shape", "_pd_char_colour",
        "_pd_char_particle_morphology", "_computing_data_collection", "_computing_data_reduction",
        "_computing_structure_solution",
    ]

    /// The data names of each block, and the values of those that stand alone.
    private static func blocks(_ text: String) -> [(names: [String], values: [String: String])] {
        var blocks: [(names: [String], values: [String: String])] = []
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 1)
            if line.hasPrefix("data_") {
                blocks.append(([], [:]))
            } else if line.hasPrefix("_"), let name = words.first.map(String.init), !blocks.isEmpty {
                blocks[blocks.count - 1].names.append(name)
                if words.count > 1 {
                    blocks[blocks.count - 1].values[name] = words[1].trimmingCharacters(in: .whitespaces)
                }
            }
        }
        return blocks
    }

    private static func refined(_ words: [String], in folder: URL) throws -> String {
        let run = try CommandRun(["refine"] + words + ["-o", "out", "--quiet"], in: folder)
        #expect(run.status == 0, "\(run.errors)")
        return try String(contentsOf: folder.appending(path: "out/refined.cif"), encoding: .utf8)
    }

    private static func counted(_ words: [String], _ name: String, in folder: URL) throws {
        let run = try CommandRun(
            ["pattern"] + words + ["--noise", "20000", "--background", "100", "--seed", "2", "-o", name],
            in: folder)
        #expect(run.status == 0, "\(run.errors)")
    }

    private static let fluorite = CommandRun.data("structures/fluorite.cif")
    private static let zincite = CommandRun.data("structures/zincite.cif")

    @Test("all that a refinement knows has its value, all that it does not know stands as ?, each name once")
    func onePhase() throws {
        try CommandRun.inFolder { folder in
            try Self.counted([Self.zincite, "--range", "25:120"], "p.xye", in: folder)
            let text = try Self.refined(
                ["p.xye", Self.zincite, "--wavelength", "CuKa", "--background-terms", "1"], in: folder)
            let block = try #require(Self.blocks(text).first)
            #expect(Set(block.names).count == block.names.count)
            for name in Self.known + Self.open { #expect(block.names.contains(name), "\(name)") }
            for name in Self.known { #expect(block.values[name] != "?", "\(name)") }
            #expect(block.values["_diffrn_radiation_type"] == "'Cu K\\a'")
            let shift = Double(block.values["_refine_ls_shift/su_max"] ?? "") ?? .nan
            #expect((0..<0.05).contains(shift), "\(shift)")
            #expect(block.values["_pd_meas_2theta_range_inc"] == "0.02")
        }
    }

    @Test("μ of calcium fluoride is that of International Tables: 95 cm² in a gram, 3.18 g in a cm³")
    func absorption() throws {
        try CommandRun.inFolder { folder in
            try Self.counted([Self.fluorite, "--range", "25:120"], "p.xye", in: folder)
            let text = try Self.refined(
                ["p.xye", Self.fluorite, "--wavelength", "CuKa", "--background-terms", "1"], in: folder)
            let block = try #require(Self.blocks(text).first)
            let coefficient = Double(block.values["_exptl_absorpt_coefficient_mu"] ?? "") ?? .nan
            #expect(abs(coefficient - 30.2) < 1, "\(coefficient)")
        }
    }

    @Test("of several phases each block has its own names once, and texture by harmonics is said")
    func twoPhases() throws {
        try CommandRun.inFolder { folder in
            try Self.counted([Self.zincite, Self.fluorite, "--range", "25:120"], "p.xye", in: folder)
            let text = try Self.refined(
                [
                    "p.xye", Self.zincite, Self.fluorite, "--wavelength", "CuKa", "--background-terms", "1",
                    "--texture", "2", "--free", "lattice/phase1.C2.1",
                ], in: folder)
            let blocks = Self.blocks(text)
            #expect(blocks.count == 4)
            for block in blocks { #expect(Set(block.names).count == block.names.count) }
            let all = Set(blocks.flatMap(\.names))
            for name in Self.known + Self.open { #expect(all.contains(name), "\(name)") }
            let words = blocks.compactMap { $0.values["_pd_proc_ls_pref_orient_corr"] }
            #expect(words.contains { $0.contains("spherical harmonics") && $0.contains("C2.1") }, "\(words)")
            let first = try #require(
                try CrystalFile.read(folder.appending(path: "out/refined.cif").path).first)
            #expect(first.structure.sites.count > 0)
        }
    }

    @Test("a radiation that nobody named is said to be assumed, one that somebody named is not")
    func assumedRadiation() throws {
        try CommandRun.inFolder { folder in
            try Self.counted([Self.fluorite, "--range", "25:120"], "p.xye", in: folder)
            func verdict(_ words: [String]) throws -> String {
                let run = try CommandRun(
                    ["refine", "p.xye", Self.fluorite, "--background-terms", "1", "--quiet"] + words,
                    in: folder)
                #expect(run.status == 0, "\(run.errors)")
                return run.output
            }
            #expect(try verdict([]).contains("Cu Kα is assumed"))
            #expect(try !verdict(["--wavelength", "CuKa"]).contains("assumed: neither"))
        }
    }
}
