import Crystallography
import NumericalMethods

/// pymatgen's `Structure.as_dict`.
extension JSONRecordReader {
    func pymatgen(sites: [JSONValue], lattice: JSONValue) throws(CrystalFileError) -> CrystalRecord {
        let pbc = lattice["pbc"]
        let matrix = try self.lattice(rows: lattice["matrix"])
        let stated = lattice
        let lattice = if let matrix { matrix } else { try cell(lattice) }
        try compare(lattice, with: stated)
        var result: [Site] = []
        var unkept = JSONUnkept()
        for (index, value) in sites.enumerated() {
            let name = "site \(index + 1)"
            let properties = value["properties"]
            for (key, share) in properties?.object?.members.map({ ($0.key, $0.value) }) ?? []
            where key == "occupancy" || PartialOccupancy.names.contains(key) {
                guard !PartialOccupancy.isStated(in: share) else {
                    throw PartialOccupancy.refusal(file: file, line: line, field: "\(name) \(key)")
                }
            }
            unkept.note(properties?.object?.members, but: ["B_iso", "U_aniso"])
            result.append(
                Site(
                    label: value["label"]?.string ?? "",
                    occupants: try occupants(value["species"]?.array ?? [], of: name, &unkept),
                    position: try position(value, of: name, in: lattice),
                    displacement: displacement(properties)))
        }
        unkept.note(value["properties"]?.object?.members, but: ["title"])
        unkept.note(value.object?.members, only: ["energy", "forces", "stress", "magmoms", "charge"])
        var record = try finished(lattice, result, title: value["properties"]?["title"]?.string ?? "")
        record.unkept = unkept.names
        if let warning = pbc.flatMap({ Periodicity.warning($0.text) }) {
            record.readingWarnings.append(warning)
        }
        return record
    }

    /// Lengths and angles beside the matrix, which repeat it.
    private func compare(_ lattice: Lattice, with stated: JSONValue) throws(CrystalFileError) {
        let read =
            ["a", "b", "c"].enumerated().map { ($1, lattice.lengths[$0]) }
            + ["alpha", "beta", "gamma"].enumerated().map { ($1, lattice.angles[$0]) }
        for (name, value) in read {
            guard let other = stated[name]?.number, abs(other - value) > Self.sameCell * value else {
                continue
            }
            throw error(
                "the matrix makes \(name) \((value * 1e4).rounded() / 1e4), beside it stands \(other)",
                field: "lattice", remedy: "remove one of them")
        }
    }

    /// Relative: what rounding to four digits leaves.
    private static let sameCell = 1e-3

    private func occupants(
        _ members: [JSONValue], of name: String, _ unkept: inout JSONUnkept
    ) throws(CrystalFileError) -> [Occupant] {
        var occupants: [Occupant] = []
        let greatest = CIFOccupantReader.greatestOccupancy + CIFOccupantReader.rounding
        for member in members {
            guard let symbol = member["element"]?.string, var species = Species(symbol: symbol) else {
                throw error(
                    "\"\(member["element"]?.string ?? "")\" is no element", field: name,
                    remedy: "give \"species\" with element symbols")
            }
            let stated = member["occu"]
            guard let occupancy = stated == nil ? 1 : stated?.number, occupancy > 0, occupancy <= greatest
            else {
                throw error(
                    "occupancy \(stated?.text ?? "") is not between 0 and 1", field: name,
                    remedy: "correct it")
            }
            if let state = member["oxidation_state"]?.number {
                if abs(state) < 10, state == state.rounded() {
                    species.charge = Int(state)
                } else {
                    unkept.note("oxidation state \(state)")
                }
            }
            if let number = member["mass_number"]?.integer {
                guard Species(symbol: "\(number)\(species.element.symbol)") != nil else {
                    throw error("no nuclide \(number)\(symbol)", field: name, remedy: "correct it")
                }
                species.massNumber = number
            }
            unkept.note(member.object?.members, only: ["spin"])
            unkept.note(member["properties"]?.object?.members, but: [])
            occupants.append(Occupant(species, occupancy: min(1, occupancy)))
        }
        guard !occupants.isEmpty else { throw error("no species", field: name, remedy: "give \"species\"") }
        let total = occupants.reduce(0) { $0 + $1.occupancy }
        guard total <= greatest else {
            throw error(
                "occupancies add up to \((total * 1000).rounded() / 1000)", field: name,
                remedy: "correct the occupancies")
        }
        return occupants
    }

    /// Å; coordinates that are written twice are rounded, not different.
    private static let samePosition = 0.01

    private func position(
        _ value: JSONValue, of name: String, in lattice: Lattice
    ) throws(CrystalFileError) -> SIMD3<Double> {
        for key in ["abc", "xyz"] {
            guard let stated = value[key], vector(stated) == nil else { continue }
            throw error(
                "\"\(key)\" is \(stated.text.prefix(60)), not three numbers", field: name,
                remedy: "give \"abc\" with three numbers")
        }
        let (abc, xyz) = (vector(value["abc"]), vector(value["xyz"]).map(lattice.fractional))
        guard let position = abc ?? xyz else {
            throw error("no coordinates", field: name, remedy: "give \"abc\" with three numbers")
        }
        guard Limits.hold(position) else {
            throw error("coordinates out of any reasonable size", field: name, remedy: "correct them")
        }
        if let abc, let xyz {
            let distance = lattice.length((abc - xyz).nearestImage)
            guard distance < Self.samePosition else {
                throw error(
                    "\"abc\" and \"xyz\" are \((distance * 1000).rounded() / 1000) Å apart", field: name,
                    remedy: "remove one of them")
            }
        }
        return position
    }

    private func displacement(_ properties: JSONValue?) -> Displacement? {
        if let b = properties?["B_iso"]?.number { return .isotropic(b: b) }
        guard let rows = properties?["U_aniso"]?.array, rows.count == 3, let a = vector(rows[0]),
            let b = vector(rows[1]), let c = vector(rows[2])
        else { return nil }
        return .anisotropic(u: Matrix3(rows: a, b, c))
    }
}
