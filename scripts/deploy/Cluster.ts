/** The namespace that the shop lives in. Identities of the mesh name it, so it is not one to choose. */
export const namespace = "retro-station"

/** Where Istio's control plane and its ingress gateway live. */
export const mesh = { namespace: "istio-system", controlPlanePort: 15012 } as const

/** Who may open the website: Istio's gateway as istioctl and as the Helm chart name it, and the load generator. */
export const visitors = [
  `cluster.local/ns/${mesh.namespace}/sa/istio-ingressgateway-service-account`,
  `cluster.local/ns/istio-ingress/sa/istio-ingress`,
  `cluster.local/ns/${namespace}/sa/loadgenerator`
] as const

/** The identity that the mesh gives to a tier, by its service account. */
export const principal = (tier: string): string => `cluster.local/ns/${namespace}/sa/${tier}`

/** The full name of a service in the cluster's DNS. */
export const hostname = (service: string): string => `${service}.${namespace}.svc.cluster.local`
