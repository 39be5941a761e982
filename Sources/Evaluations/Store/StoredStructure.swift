import Crystallography
import Foundation
import NumericalMethods

/// A crystal as the store keeps it: the bits of its numbers, little end first; labels and displacements are left out.
///
/// Number of species and of sites; Å, three rows of the lattice; of each species atomic number, charge and mass number
/// (no number where none is stated); of each site the number of its occupants, x, y, z, then of each occupant species and
/// occupancy.
enum StoredStructure {
    static func data(of structure: CrystalStructure) -> Data {
        var places: [Species: Int] = [:]
        var species: [Species] = []
        var sites: [Double] = []
        for site in structure.sites {
            sites += [Double(site.occupants.count), site.position.x, site.position.y, site.position.z]
            for occupant in site.occupants {
                let place = places[occupant.species] ?? species.count
                if place == species.count {
                    species.append(occupant.species)
                    places[occupant.species] = place
                }
                sites += [Double(place), occupant.occupancy]
            }
        }
        var numbers = [Double(species.count), Double(structure.sites.count)]
        for row in 0..<3 {
            let vector = structure.lattice.vectors[row]
            numbers += [vector.x, vector.y, vector.z]
        }
        for own in species {
            numbers += [
                Double(own.element.atomicNumber), own.charge.map(Double.init) ?? .nan,
                own.massNumber.map(Double.init) ?? .nan,
            ]
        }
        return (numbers + sites).reduce(into: Data(capacity: 8 * (numbers.count + sites.count))) {
            data, number in
            withUnsafeBytes(of: number.bitPattern.littleEndian) { data.append(contentsOf: $0) }
        }
    }

    /// - Returns: nil where the numbers are no crystal.
    static func structure(of data: Data) -> CrystalStructure? {
        var numbers = Numbers(data)
        guard let kinds = numbers.whole(), let count = numbers.whole(), kinds <= data.count,
            count <= data.count,
            let a = numbers.vector(), let b = numbers.vector(), let c = numbers.vector()
        else { return nil }
        var species: [Species] = []
        for _ in 0..<kinds {
            guard let number = numbers.whole(), let element = Element(atomicNumber: number),
                let charge = numbers.next(), let mass = numbers.next()
            else { return nil }
            species.append(
                Species(element, charge: Int(exactly: charge), massNumber: Int(exactly: mass)))
        }
        var sites: [Site] = []
        sites.reserveCapacity(count)
        for _ in 0..<count {
            guard let occupied = numbers.whole(), occupied > 0, occupied <= data.count,
                let position = numbers.vector()
            else { return nil }
            var occupants: [Occupant] = []
            for _ in 0..<occupied {
                guard let place = numbers.whole(), species.indices.contains(place),
                    let occupancy = numbers.next()
                else { return nil }
                occupants.append(Occupant(species[place], occupancy: occupancy))
            }
            sites.append(Site(occupants: occupants, position: position))
        }
        return CrystalStructure(lattice: Lattice(vectors: Matrix3(rows: a, b, c)), sites: sites)
    }

    /// The numbers one after another; nil behind the last.
    private struct Numbers {
        private let values: [Double]
        private var place = 0

        init(_ data: Data) {
            values = data.withUnsafeBytes { bytes in
                (0..<bytes.count / 8).map {
                    let bits = bytes.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)
                    return Double(bitPattern: UInt64(littleEndian: bits))
                }
            }
        }

        mutating func next() -> Double? {
            guard place < values.count else { return nil }
            place += 1
            return values[place - 1]
        }

        /// nil for what is none from 0 on, too.
        mutating func whole() -> Int? {
            next().flatMap { Int(exactly: $0) }.flatMap { $0 >= 0 ? $0 : nil }
        }

        mutating func vector() -> SIMD3<Double>? {
            guard let x = next(), let y = next(), let z = next() else { return nil }
            return SIMD3(x, y, z)
        }
    }
}
