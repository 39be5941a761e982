/// Every number that decides what elastic constants come out (`StressStrainMethod`).
public struct ElasticSettings: Codable, Sendable, Hashable {
    /// The largest strain, to both sides of the minimum. CHGNet's stress has ripples of some 0.05 GPa, half a per cent of strain long: a
    /// single strain of 0.001 to 0.01 gives NaCl a C11 of 26 to 46 GPa and Si one of 157 to 117, four up to 0.02 give 46 and 122, up to 0.03
    /// 48 and 126.
    public var strain = 0.02
    /// Equal steps to it: the stress that turns with the strain is fitted by a slope and a cubic term, the ripples are left over.
    public var steps = 4
    /// eV/Å, in the minimum and under every strain: ions that are 10⁻⁵ Å from rest, a thousandth of what a strain moves them.
    public var force = 1e-4
    /// GPa, of the minimum: what differences to both sides take out anyhow.
    public var stress = 0.01
    /// eV/atom, what the curvature may promise still: as small as the forces ask for.
    public var energy = 1e-9
    /// Evaluations at most, of the minimum and of each strain.
    public var evaluations = 400
    /// Å, within which the symmetry that a strain leaves is found: far below what the strain moves.
    public var tolerance = 1e-5

    /// The standard measurement.
    public init() {}
}
