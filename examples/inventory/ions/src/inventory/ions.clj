(ns inventory.ions
  (:require [clojure.edn :as edn]
            [datomic.client.api :as d]
            [datomic.ion :as ion]))

;; A client made while the namespace loads would fail the deployment: it is made on first use.
(def client
  (memoize
   #(d/client {:server-type :ion
               :region "us-east-1"
               :system (:system (ion/get-env))
               :endpoint (:endpoint (ion/get-env))})))

(defn- db []
  (d/db (d/connect (client) {:db-name "inventory"})))

(defn in-stock?
  "Whether an item is in stock, for queries."
  [db sku]
  (pos? (or (:item/count (d/pull db [:item/count] [:item/sku sku])) 0)))

(defn get-item
  "Lambda: the item of a SKU."
  [{:keys [input]}]
  (pr-str (d/pull (db) '[*] [:item/sku (:sku (edn/read-string input))])))

(defn add-item
  "Lambda: adds an item."
  [{:keys [input]}]
  (d/transact (d/connect (client) {:db-name "inventory"}) {:tx-data [(edn/read-string input)]})
  (pr-str {:added true}))
