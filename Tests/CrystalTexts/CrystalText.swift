/// Structures as the text of a file, for tests: whole files of a few lines, in which everything may be wrong.
package enum CrystalText {
    /// Label, type symbol and fractional coordinates.
    package static let places = ["label", "type_symbol", "fract_x", "fract_y", "fract_z"]
    /// The same with the occupancy.
    package static let occupiedPlaces = places + ["occupancy"]

    /// A CIF of one data block.
    ///
    /// - Parameters:
    ///   - block: the line that begins it.
    ///   - cell: a, b, c, α, β, γ as they are to stand there, apart by blanks; one number is the edge of a cube. Empty for
    ///     none.
    ///   - items: whole lines: symmetry and what else goes before the sites.
    ///   - columns: of the loop of sites, without `_atom_site_`.
    ///   - sites: one line each.
    ///   - loops: what goes behind the sites.
    package static func cif(
        block: String = "data_t", cell: String, items: String = "", columns: [String] = places, sites: String,
        loops: String = ""
    ) -> String {
        var lines = [block] + cellItems(cell)
        if !items.isEmpty { lines.append(items) }
        lines.append("loop_")
        lines += columns.map { "_atom_site_\($0)" }
        lines.append(sites)
        if !loops.isEmpty { lines.append(loops) }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A loop of symmetry operations.
    package static func operations(
        _ triplets: [String], tag: String = "_space_group_symop_operation_xyz"
    ) -> String {
        (["loop_", tag] + triplets.map { "'\($0)'" }).joined(separator: "\n")
    }

    /// A POSCAR of VASP 5.
    ///
    /// - Parameters:
    ///   - vectors: three lines; one number is the edge of a cube.
    ///   - species: with how many atoms of each.
    ///   - atoms: fractional coordinates, one line each.
    package static func poscar(
        title: String = "t", vectors: String, species: KeyValuePairs<String, Int>, atoms: String
    ) -> String {
        let rows =
            vectors.contains(where: \.isNewline) ? vectors : "\(vectors) 0 0\n0 \(vectors) 0\n0 0 \(vectors)"
        let names = species.map(\.key).joined(separator: " ")
        let counts = species.map { "\($0.value)" }.joined(separator: " ")
        return "\(title)\n1.0\n\(rows)\n\(names)\n\(counts)\nDirect\n\(atoms)\n"
    }

    private static func cellItems(_ cell: String) -> [String] {
        var values = cell.split(separator: " ")
        if values.count == 1 { values = [values[0], values[0], values[0], "90", "90", "90"] }
        let names = ["length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma"]
        return zip(names, values).map { "_cell_\($0) \($1)" }
    }
}
