import Crystallography
import NumericalMethods
import Symmetry

/// What a CIF with symmetry says: asymmetric sites, operations, and what is known of each value's uncertainty.
package struct SymmetricCIF: Sendable {
    /// A further data item.
    package struct Item: Sendable, Hashable {
        /// With its underscore.
        package var tag: String
        /// Quoted on writing.
        package var value: String

        /// - Parameters:
        ///   - tag: with its underscore.
        ///   - value: quoted on writing.
        package init(_ tag: String, _ value: String) {
            (self.tag, self.value) = (tag, value)
        }
    }

    /// The data block's name; blanks become `_`.
    package var name: String
    /// a, b, c in Å.
    package var lengths: [MeasuredValue]
    /// α, β, γ in degrees.
    package var angles: [MeasuredValue]
    /// Å³; computed from the cell where nil.
    package var volume: MeasuredValue?
    /// Hermann–Mauguin with blanks, `P n m a`.
    package var symbol: String?
    package var number: Int?
    package var hallSymbol: String?
    package var operations: [SymmetryOperation]
    package var sites: [AtomSite]
    /// Further items in the order given.
    package var extraItems: [Item]
    /// Comment lines at the head, without `#`.
    package var comments: [String]

    package init(
        name: String, lengths: [MeasuredValue], angles: [MeasuredValue], volume: MeasuredValue? = nil,
        symbol: String? = nil, number: Int? = nil, hallSymbol: String? = nil,
        operations: [SymmetryOperation] = [.identity], sites: [AtomSite],
        extraItems: [Item] = [], comments: [String] = []
    ) {
        self.name = name
        self.lengths = lengths
        self.angles = angles
        self.volume = volume
        self.symbol = symbol
        self.number = number
        self.hallSymbol = hallSymbol
        self.operations = operations
        self.sites = sites
        self.extraItems = extraItems
        self.comments = comments
    }

    /// Of lengths in Å and angles in degrees that nobody measured: below anything that matters, above rounding.
    static let cellDecimals = 10

    /// A cell without uncertainties. Lengths and angles are rounded to 10⁻¹⁰, which takes 120.00000000000001
    /// back to 120.
    package init(
        name: String, lattice: Lattice, symbol: String? = nil, number: Int? = nil, hallSymbol: String? = nil,
        operations: [SymmetryOperation] = [.identity], sites: [AtomSite]
    ) {
        func values(_ v: SIMD3<Double>) -> [MeasuredValue] {
            [v.x, v.y, v.z].map { MeasuredValue(rounding: $0, decimals: Self.cellDecimals) }
        }
        self.init(
            name: name, lengths: values(lattice.lengths), angles: values(lattice.angles), symbol: symbol,
            number: number, hallSymbol: hallSymbol, operations: operations, sites: sites)
    }

    /// Every atom in P 1.
    package init(_ structure: CrystalStructure) {
        self.init(
            name: structure.title, lattice: structure.lattice, symbol: "P 1", number: 1, hallSymbol: "P 1",
            sites: structure.sites.map { AtomSite($0) })
    }

    /// The symmetry that the record's file declares, its asymmetric sites; P 1 where it declares none.
    ///
    /// Symbols and number are those of the operations. Operations in no table have a number alone: a symbol speaks of a
    /// setting.
    package init(_ record: CrystalRecord) {
        guard let operations = record.declaredOperations, operations.count > 1 else {
            self.init(record.structure)
            name = record.name
            if let stated = record.stated { take(stated, of: record) }
            return
        }
        let setting = SpaceGroup.matching(operations: operations)
        self.init(
            name: record.name, lattice: record.structure.lattice, symbol: setting?.symbolWithChoice,
            number: SpaceGroup.type(of: operations)?.number, hallSymbol: setting?.hallSymbol,
            operations: operations,
            sites: record.asymmetricSites.map { AtomSite($0) })
        let counts = record.siteOfAtom.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
        for index in sites.indices {
            sites[index].multiplicity = counts[index]
        }
        if let stated = record.stated { take(stated, of: record) }
    }

    /// The file's own numbers with their uncertainties and labels, as long as the record is still what was read.
    private mutating func take(_ stated: StatedValues, of record: CrystalRecord) {
        let values = zip(lengths + angles, stated.cell)
        if stated.cell.count == 6, values.allSatisfy({ abs($0.value - $1.value) < Self.sameValue }) {
            (lengths, angles) = (Array(stated.cell[..<3]), Array(stated.cell[3...]))
        }
        guard stated.sites.count == record.separateSites.count,
            zip(stated.sites, record.separateSites).allSatisfy({
                $0.label == $1.label && $0.occupants == $1.occupants
            })
        else { return }
        sites = stated.sites
    }

    /// Å and degrees; the cell went through a matrix.
    private static let sameValue = 1e-8
}
