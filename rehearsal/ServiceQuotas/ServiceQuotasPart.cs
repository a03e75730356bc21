using Deployer.Rehearsal.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.ServiceQuotas;

/// <summary>Service Quotas: what an account may have of a service.</summary>
internal sealed class ServiceQuotasPart : IServicePart
{
    /// <inheritdoc/>
    public void Add(IServiceCollection services) => services.AddService<ServiceQuotasService>();
}
