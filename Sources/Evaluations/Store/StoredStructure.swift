import Crystallography
import Foundation
import NumericalMethods

/// A crystal as the store keeps it: numbers that read back to the same bits; labels and displacements are left out.
struct StoredStructure: Codable {
    /// Å, three rows.
    var lattice: [Double]
    /// Atomic number, charge and mass number of each species; absent where none is stated.
    var species: [[Int?]]
    /// x, y, z, then species and occupancy of each occupant.
    var sites: [[Double]]

    init(_ structure: CrystalStructure) {
        lattice = (0..<3).flatMap { row in
            [
                structure.lattice.vectors[row].x, structure.lattice.vectors[row].y,
                structure.lattice.vectors[row].z,
            ]
        }
        var places: [Species: Int] = [:]
        var species: [[Int?]] = []
        sites = structure.sites.map { site in
            var numbers = [site.position.x, site.position.y, site.position.z]
            for occupant in site.occupants {
                let own = occupant.species
                let place = places[own] ?? species.count
                if place == species.count {
                    species.append([own.element.atomicNumber, own.charge, own.massNumber])
                    places[own] = place
                }
                numbers += [Double(place), occupant.occupancy]
            }
            return numbers
        }
        self.species = species
    }

    /// nil where the numbers are no crystal.
    var structure: CrystalStructure? {
        guard lattice.count == 9 else { return nil }
        let rows = (0..<3).map { SIMD3(lattice[3 * $0], lattice[3 * $0 + 1], lattice[3 * $0 + 2]) }
        let known = species.map { numbers -> Species? in
            guard numbers.count == 3, let number = numbers[0], let element = Element(atomicNumber: number)
            else { return nil }
            return Species(element, charge: numbers[1], massNumber: numbers[2])
        }
        var result: [Site] = []
        for numbers in sites {
            guard numbers.count >= 5, numbers.count % 2 == 1 else { return nil }
            var occupants: [Occupant] = []
            for k in stride(from: 3, to: numbers.count, by: 2) {
                let place = Int(numbers[k])
                guard known.indices.contains(place), let own = known[place] else { return nil }
                occupants.append(Occupant(own, occupancy: numbers[k + 1]))
            }
            result.append(
                Site(occupants: occupants, position: SIMD3(numbers[0], numbers[1], numbers[2])))
        }
        return CrystalStructure(
            lattice: Lattice(vectors: Matrix3(rows: rows[0], rows[1], rows[2])), sites: result)
    }
}
