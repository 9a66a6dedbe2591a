import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Resident } from '../../contract/resident.ts'

const TYPES = { prometheus: 'text/plain; version=0.0.4; charset=utf-8', openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8' } as const

/** Answers with every family, in the format that is accepted (https://prometheus.io/docs/instrumenting/content_negotiation/). */
export async function sendExposition(request: FastifyRequest, reply: FastifyReply, resident: Pick<Resident, 'exposition'>): Promise<FastifyReply> {
  const format = wantsOpenMetrics(request.headers.accept) ? 'openmetrics' : 'prometheus'
  return reply.type(TYPES[format]).header('vary', 'accept').send(await resident.exposition(format))
}

function wantsOpenMetrics(accept: string | undefined): boolean {
  return accept !== undefined && accept.split(',').some((each) => /^\s*application\/openmetrics-text\s*(;|$)/i.test(each) && !/;\s*q=0(\.0*)?\s*(;|$)/i.test(each))
}
