/// Occupancies that a format puts where no reader of it has to look: ASE's `info["occupancy"]`, columns and site
/// properties under other names. Whole atoms in their place would be another crystal.
enum PartialOccupancy {
    /// Other names of the occupancy, lower case.
    static let names: Set<String> = [
        "occupancies", "occ", "occu", "occupation", "occupations", "site_occupancy", "site_occupancies",
        "partial_occupancy",
    ]

    static func refusal(file: String, line: Int?, field: String) -> CrystalFileError {
        CrystalFileError(
            file: file, line: line, field: field, problem: "shared or partly occupied sites, stated aside",
            remedy: "give a CIF, or pymatgen's form with several species at a site")
    }

    /// ASE writes a JSON object of elements and shares for each kind of site.
    static func isStated(inText text: String) -> Bool {
        let json = text.drop { $0 != "{" && $0 != "[" }
        do throws(CrystalFileError) {
            return isStated(in: try JSONValue(parsing: Array(json.utf8), file: "occupancy"))
        } catch {
            // What cannot be read may be any occupancy.
            return !text.isEmpty
        }
    }

    /// Any share of less than a whole atom.
    static func isStated(in value: JSONValue) -> Bool {
        switch value {
        case .number(let share): share < 0.999
        case .array(let values): values.contains { isStated(in: $0) }
        case .object(let object): object.members.contains { isStated(in: $0.value) }
        case .null, .string, .bool: false
        }
    }
}
