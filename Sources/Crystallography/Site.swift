import NumericalMethods

/// A species with its share of a site.
public struct Occupant: Sendable, Hashable {
    /// The element, with its charge and isotope where these are known.
    public var species: Species
    /// 0 < occupancy ≤ 1.
    public var occupancy: Double

    /// A species with its occupancy, above 0 and at most 1.
    public init(_ species: Species, occupancy: Double = 1) {
        self.species = species
        self.occupancy = occupancy
    }
}

/// Atomic displacement parameters of a site.
public enum Displacement: Sendable, Hashable {
    /// B = 8π² ⟨u²⟩ in Å².
    case isotropic(b: Double)
    /// U_ij in Å², on the reciprocal-vector basis a*ᵢ of the cell (the CIF convention `_atom_site_aniso_U_ij`).
    case anisotropic(u: Matrix3)
}

/// One atom of a cell: label, what sits there, where, and how it moves.
public struct Site: Sendable, Hashable {
    /// The file's label (`O1`); empty where the file has none.
    public var label: String
    /// More than one where elements share the site.
    public var occupants: [Occupant]
    /// Fractional coordinates, a column.
    public var position: SIMD3<Double>
    /// The displacement parameter in Å², isotropic or anisotropic; nil where none is known.
    public var displacement: Displacement?

    /// A site at fractional coordinates with its occupants; their occupancies add to at most 1.
    public init(
        label: String = "", occupants: [Occupant], position: SIMD3<Double>, displacement: Displacement? = nil
    ) {
        self.label = label
        self.occupants = occupants
        self.position = position
        self.displacement = displacement
    }

    /// A site at fractional coordinates with its occupants; their occupancies add to at most 1.
    public init(_ element: Element, at position: SIMD3<Double>, label: String = "") {
        self.init(label: label, occupants: [Occupant(Species(element))], position: position)
    }

    /// The element with the largest share: what a list of symbols shows.
    public var element: Element? {
        occupants.max { $0.occupancy < $1.occupancy }?.species.element
    }
}

extension Site {
    /// The label, else the element's symbol.
    public var name: String { label.isEmpty ? element?.symbol ?? "?" : label }
}
