import Recovery
import Symmetry
import Testing

@Suite("Centring classes") struct CentringClassTests {
    @Test(
        "groups fall into classes of one centring, the most vectors first, each with the group that has the fewest absences"
    )
    func classes() throws {
        for family in CrystalFamily.allCases {
            let groups = family.spaceGroups
            let classes = CentringClass.classes(of: groups)
            #expect(Set(classes.flatMap(\.groups)) == Set(groups))
            #expect(classes.flatMap(\.groups).count == groups.count)
            let vectors = classes.map { $0.widest.centring.vectors.count }
            #expect(vectors == vectors.sorted(by: >))
            for one in classes {
                #expect(Set(one.groups.map(\.centring)) == [one.widest.centring])
                let least = ReflectionConditions(one.widest)
                for group in one.groups {
                    let own = ReflectionConditions(group)
                    for h in -3...3 {
                        for k in -3...3 {
                            for l in 0...3 where least.isAbsent(SIMD3(h, k, l)) {
                                #expect(own.isAbsent(SIMD3(h, k, l)), "\(group.symbol) \(h) \(k) \(l)")
                            }
                        }
                    }
                }
            }
        }
    }
}
