import NumericalMethods
import Symmetry
import Testing

@Suite("Point groups") struct PointGroupTests {
    @Test(
        "the type of a rotation is its order and sign: R to that power is the identity, and to no lower one")
    func types() throws {
        for number in [47, 123, 191, 221] {
            let group = try SpaceGroup.find("\(number)")
            for rotation in Set(group.operations.map(\.rotation)) {
                let type = try #require(PointGroup.type(of: rotation))
                #expect(rotation.determinant == (type > 0 ? 1 : -1))
                let proper = type > 0 ? rotation : -rotation
                var power = proper
                var order = 1
                while power != .identity, order < 7 {
                    power = proper * power
                    order += 1
                }
                #expect(order == abs(type))
            }
        }
    }

    @Test("32 groups and 11 Laue classes stand behind the 530 settings, each the setting's own")
    func all() throws {
        var symbols: Set<String> = []
        var classes: Set<String> = []
        for hallNumber in 1...530 {
            let group = try #require(SpaceGroup(hallNumber: hallNumber))
            let found = try #require(PointGroup(rotations: group.operations.map(\.rotation)))
            #expect(found.symbol == group.pointGroup && found.laueClass == group.laueClass)
            symbols.insert(found.symbol)
            classes.insert(found.laueClass)
        }
        #expect(symbols.count == 32 && classes.count == 11)
    }

    @Test("rotations that are no group, or not of a lattice, have none")
    func none() {
        let shear = IntegerMatrix3(rows: SIMD3(1, 1, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1))
        #expect(
            PointGroup.type(of: IntegerMatrix3(rows: SIMD3(2, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1))) == nil)
        #expect(PointGroup(rotations: [IntegerMatrix3]()) == nil)
        #expect(PointGroup(rotations: [shear, shear * shear]) == nil)
    }
}
