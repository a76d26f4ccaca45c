// SPDX-License-Identifier: Apache-2.0
import FuzzDriver
import FuzzEdges

fuzz(EdgeBodies.replay)
