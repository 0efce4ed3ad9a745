package let catalogueSize = PackageResources.catalogue_json.count
