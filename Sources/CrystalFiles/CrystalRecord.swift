import Crystallography
import Symmetry

/// One structure of a file: what the file declares, and the whole cell that follows from it.
public struct CrystalRecord: Sendable {
    /// The data block's name or the title line.
    public var name: String
    /// Every atom of the cell: the asymmetric sites under the file's operations, coinciding images merged.
    public var structure: CrystalStructure
    /// The operations that were used; nil where the format has none.
    public var declaredOperations: [SymmetryOperation]?
    /// The Hermann–Mauguin symbol as the file writes it.
    public var declaredSymbol: String?
    /// The number in International Tables A, as the file gives it.
    public var declaredNumber: Int?
    /// The file's own sites; atoms that share a position are one site with several occupants.
    public var asymmetricSites: [Site]
    /// The file's own sites, put on their special positions, one for each line: atoms that share a position stay apart,
    /// each with its own displacement. Empty for formats that list every atom.
    package var separateSites: [Site] = []
    /// For each site of `structure` the index into `asymmetricSites` it comes from.
    package var siteOfAtom: [Int]
    /// The cell and the sites as the file writes them, with their uncertainties; nil for formats without.
    package var stated: StatedValues?
    /// What the file states and no record holds, by name: `energy`, `forces`, `selective dynamics`…
    public var unkept: [String] = []
    /// What was assumed, repaired or found at odds on reading.
    package var readingWarnings: [ReadingWarning]
    /// The same, one sentence each.
    public var warnings: [String] { readingWarnings.map(\.description) }

    /// A structure as a file states it, with what the file says beside it.
    package init(
        name: String, structure: CrystalStructure, declaredOperations: [SymmetryOperation]? = nil,
        declaredSymbol: String? = nil, declaredNumber: Int? = nil, asymmetricSites: [Site],
        siteOfAtom: [Int], readingWarnings: [ReadingWarning] = []
    ) {
        self.name = name
        self.structure = structure
        self.declaredOperations = declaredOperations
        self.declaredSymbol = declaredSymbol
        self.declaredNumber = declaredNumber
        self.asymmetricSites = asymmetricSites
        self.siteOfAtom = siteOfAtom
        self.readingWarnings = readingWarnings
    }

    /// A structure of a format that lists every atom and states no symmetry.
    package init(_ structure: CrystalStructure, readingWarnings: [ReadingWarning] = []) {
        self.init(
            name: structure.title, structure: structure, asymmetricSites: structure.sites,
            siteOfAtom: Array(structure.sites.indices), readingWarnings: readingWarnings)
    }
}
