import Foundation
import NumericalMethods
import Testing

@Suite("--time-limit", .serialized, .enabled(if: CommandRun.binary != nil, "build the product wyckoff first"))
struct TimeLimitTests {
    /// A triclinic cell of twenty atoms anywhere, as a CIF in P 1.
    private static let manyAtoms: String = {
        var random = RandomStream(seed: 5)
        let atoms = (0..<20).map { k in
            let element = ["K", "Si", "O", "O", "O"][k % 5]
            let x = (0..<3).map { _ in String(format: "%.4f", random.uniform()) }.joined(separator: " ")
            return "\(element)\(k) \(element) \(x)"
        }
        return """
            data_many
            _cell_length_a 6.81
            _cell_length_b 7.37
            _cell_length_c 7.94
            _cell_angle_alpha 84.1
            _cell_angle_beta 76.3
            _cell_angle_gamma 71.9
            _symmetry_space_group_name_H-M 'P 1'
            loop_
            _atom_site_label
            _atom_site_type_symbol
            _atom_site_fract_x
            _atom_site_fract_y
            _atom_site_fract_z
            \(atoms.joined(separator: "\n"))

            """
    }()

    private func seconds(_ words: [String], in folder: URL) throws -> (run: CommandRun, seconds: Double) {
        let clock = ContinuousClock()
        let begin = clock.now
        let run = try CommandRun(words, in: folder)
        return (run, begin.duration(to: clock.now) / .seconds(1))
    }

    @Test("a search of sixty coordinates in P 1 ends in its time, with what it has or without an answer")
    func solve() throws {
        try CommandRun.inFolder { folder in
            try Self.manyAtoms.write(
                to: folder.appendingPathComponent("many.cif"), atomically: true, encoding: .utf8)
            try CountedPattern.write("many.xy", of: ["many.cif"], in: folder)
            let (run, seconds) = try seconds(
                [
                    "solve", "many.xy", "--formula", "KSiO3", "--wavelength", "CuKa", "--cell",
                    "6.81,7.37,7.94,84.1,76.3,71.9", "--space-group", "P1", "--time-limit", "8", "--quiet",
                ], in: folder)
            #expect(run.status == 1)
            // Twice the limit: the machine may be at other work.
            #expect(seconds < 16)
        }
    }

    @Test("starts that a wrong wavelength leads nowhere share the time and leave status 1")
    func recover() throws {
        try CommandRun.inFolder { folder in
            let start = CommandRun.data("starts/pbso4-1.cif")
            let (run, seconds) = try seconds(
                [
                    "recover", "--pattern", CommandRun.data("patterns/pbso4-x.dat"), "--start", start,
                    "--start", CommandRun.data("structures/pbso4.cif"), "--wavelength", "0.9",
                    "--time-limit", "4", "--quiet", "-o", "out",
                ], in: folder)
            #expect(run.status == 1)
            #expect(seconds < 12)
            let refused = try CommandRun(
                [
                    "recover", "--pattern", CommandRun.data("patterns/pbso4-x.dat"), "--start", start,
                    "--time-limit", "0", "-o", "out",
                ], in: folder)
            #expect(refused.status == 2)
        }
    }
}
