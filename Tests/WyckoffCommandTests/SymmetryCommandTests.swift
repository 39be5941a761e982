import Foundation
import Testing

@Suite("wyckoff symmetry and parameters")
struct SymmetryCommandTests {
    static func objects(_ text: String) throws -> [[String: Any]] {
        try text.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }

    @Test("symmetry --json: one object a line, a letter and a site symmetry for each atom")
    func symmetry() throws {
        try CommandRun.inFolder { folder in
            let files = ["pbso4", "fluorapatite", "nac"].map { CommandRun.data("structures/\($0).cif") }
            let run = try CommandRun(["symmetry", "--json"] + files, in: folder)
            #expect(run.status == 0)
            let objects = try Self.objects(run.output)
            #expect(objects.compactMap { $0["number"] as? Int } == [62, 176, 199])
            for (object, count) in zip(objects, [24, 42, 84]) {
                for key in ["letters", "siteSymmetry", "orbits"] {
                    #expect((object[key] as? [Any])?.count == count, "\(key)")
                }
                for key in [
                    "file", "hallNumber", "international", "choice", "pointGroup", "crystalFamily",
                    "tolerance",
                    "maxDisplacement", "rms",
                ] { #expect(object[key] != nil, "\(key)") }
            }
        }
    }

    @Test("symmetry --ladder shows the group that a distorted start hides")
    func ladder() throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(
                ["symmetry", "--ladder", "--json", CommandRun.data("starts/pbso4-1.cif")], in: folder)
            #expect(run.status == 0)
            let object = try #require(try Self.objects(run.output).first)
            #expect(object["number"] as? Int == 1)
            let numbers = (object["ladder"] as? [[String: Any]])?.compactMap { $0["number"] as? Int }
            #expect(numbers?.contains(62) == true)
        }
    }

    @Test("parameters --json: names, bounds and formulas; as many as degrees of freedom")
    func parameters() throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(
                ["parameters", "--json", CommandRun.data("structures/fluorapatite.cif")], in: folder)
            #expect(run.status == 0)
            let object = try #require(try Self.objects(run.output).first)
            let rows = try #require(object["parameters"] as? [[String: Any]])
            #expect(object["degreesOfFreedom"] as? Int == 14)
            #expect(rows.count == 14)
            #expect(rows.compactMap { $0["name"] as? String }.prefix(3) == ["a", "c", "Ca1.z"])
            #expect(rows.compactMap { $0["formula"] as? String }.contains("1/3,2/3,z"))
            for key in ["value", "unit", "lower", "upper"] { #expect(rows[0][key] != nil) }
        }
    }

    @Test("a missing file, a tolerance of zero: exit 2")
    func badInput() throws {
        try CommandRun.inFolder { folder in
            let missing = try CommandRun(["symmetry", "nothing.cif"], in: folder)
            #expect(missing.status == 2)
            let structure = CommandRun.data("structures/nac.cif")
            let zero = try CommandRun(["parameters", structure, "--tolerance", "0"], in: folder)
            #expect(zero.status == 2)
        }
    }
}
