/** Settings that group and route add to those of a request. */
import type { ReportLoss } from '../../../protocols/ir/loss.ts'
import type { ChatSettings } from '../../../protocols/ir/request.ts'

/** More than any back end takes. */
const HOTTEST = 2

/**
 * What the request says stays; what it leaves open is filled by the route, and what that leaves open by the group (A095, A100).
 * The ratio holds for the client's own temperature only: whoever configures one means it as it stands.
 */
export function fillSettings(
  own: ChatSettings,
  route: Partial<ChatSettings> | undefined,
  group: Partial<ChatSettings> | undefined,
  temperatureRatio: number | undefined,
  report: ReportLoss,
): ChatSettings {
  const filled = { ...group, ...route, ...own }
  if (temperatureRatio === undefined || own.temperature === undefined || temperatureRatio === 1) return filled
  report('settings.temperature', "is multiplied by the group's ratio", 'changed')
  // Ratios are written in tenths: 0.7 * 1.1 is to read 0.77.
  const temperature = Number(Math.min(own.temperature * temperatureRatio, HOTTEST).toFixed(6))
  return { ...filled, temperature }
}
